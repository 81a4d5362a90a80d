using System.Net;
using System.Net.Sockets;

namespace SysGenId.Cluster.Tests.Control;

/// <summary>
/// A Service: hands connections to the replicas in turn. The cluster has no service network, so API servers are told to
/// call this one.
/// </summary>
internal sealed class ServiceRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile int[] _endpoints = [];
    private int _next;

    public ServiceRelay()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The replicas that are ready, from the next connection on.</summary>
    public void Serve(params ControllerProcess[] replicas) => _endpoints = [.. replicas.Select(replica => replica.WebhookPort)];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    // Each direction ends by itself: what is on its way in the other still arrives, as on a real connection.
    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // Reset by one side: the other is to know.
            from.Dispose();
            to.Dispose();
            throw;
        }
    }

    private async Task RelayAsync(TcpClient from)
    {
        using var client = from;
        using var to = new TcpClient();
        try
        {
            var endpoints = _endpoints;
            await to.ConnectAsync(IPAddress.Loopback, endpoints[Interlocked.Increment(ref _next) % endpoints.Length], _stop.Token);
            await Task.WhenAll(CopyAsync(client, to), CopyAsync(to, client));
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException or DivideByZeroException)
        {
            // A replica that is not there, or a connection that ended: as with any Service.
        }
    }
}
