using System.Net.Sockets;
using System.Runtime.InteropServices;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>
/// A watcher on the watch socket, written from the protocol's description: it reads words, acks most of them, goes away
/// now and then, and comes back with the last generation it handled.
/// </summary>
internal sealed class SocketWatcher : IAsyncDisposable
{
    private readonly string _path;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly byte[] _word = new byte[sizeof(uint)];
    private volatile uint _seen;
    private volatile string? _fault;
    private int _connections;

    public SocketWatcher(string path, int seed)
    {
        _path = path;
        _random = new Random(seed);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The last generation seen.</summary>
    public uint Seen => _seen;

    /// <summary>What was seen that must never be.</summary>
    public string? Fault => _fault;

    /// <summary>How often it has connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await ConnectAsync();
                if (_seen > 0)
                    await SendAsync(socket, _seen);
                while (await ReceiveAsync(socket) && _random.Next(8) > 0)
                {
                    if (_random.Next(4) > 0)
                        await SendAsync(socket, _seen);
                }
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                // The sidecar was killed, or the test is over: the loop's condition knows which.
            }
            catch (Exception failure)
            {
                _fault ??= failure.Message;
                return;
            }
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await Eventually.HoldsAsync(() => _stop.IsCancellationRequested || TryConnect(socket), what: $"{_path} serves again");
            Interlocked.Increment(ref _connections);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool TryConnect(Socket socket)
    {
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(_path));
            return true;
        }
        catch (SocketException)
        {
            return false; // Nobody serves there now.
        }
    }

    private async Task SendAsync(Socket socket, uint word)
    {
        MemoryMarshal.Write(_word, word);
        await socket.SendAsync(_word, _stop.Token);
    }

    private async Task<bool> ReceiveAsync(Socket socket)
    {
        for (var length = 0; length < sizeof(uint);)
        {
            var count = await socket.ReceiveAsync(_word.AsMemory(length), _stop.Token);
            if (count == 0)
                return false;
            length += count;
        }

        var generation = MemoryMarshal.Read<uint>(_word);
        if (generation < _seen)
            _fault ??= $"{_path} said {generation} after {_seen}";
        _seen = generation;
        return true;
    }
}
