using System.Net;
using System.Net.Sockets;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>The way to a server, that a test closes and opens: closed, connections are refused and those that were open are gone.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly List<Socket> _sockets = [];
    private bool _isOpen;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <param name="server">Where it leads.</param>
    public TcpRelay(IPEndPoint server)
    {
        _server = server;
        Endpoint = new IPEndPoint(IPAddress.Loopback, FreePort.Take());
    }

    /// <summary>Where it listens while it is open.</summary>
    public IPEndPoint Endpoint { get; }

    public void Open()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(Endpoint);
        _listener.Listen();
        lock (_sockets) _isOpen = true;
        _accepting = AcceptAsync(_listener);
    }

    public async Task CloseAsync()
    {
        _listener?.Dispose();
        lock (_sockets)
        {
            _isOpen = false;
            foreach (var socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }

        await _accepting;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true) _ = ServeAsync(Keep(await listener.AcceptAsync()));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            await server.ConnectAsync(_server);
            await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Closed.
        }

        client.Dispose();
        server.Dispose();
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0) await to.SendAsync(buffer.AsMemory(0, count));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // One of them has gone.
        }
    }

    private Socket Keep(Socket socket)
    {
        lock (_sockets)
        {
            // One that was accepted while it closed.
            if (_isOpen) _sockets.Add(socket);
            else socket.Dispose();
        }

        return socket;
    }
}
