using System.Net.Sockets;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Input;

/// <summary>A connection that may send anything, in any pieces, and read or not.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public RawClient(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    /// <summary>How many bytes have come back.</summary>
    public long Received { get; private set; }

    /// <summary>Sends all of it. False: the other side has had enough.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _socket.SendAsync(bytes).AsTask().WaitAsync(Eventually.Patience, TimeProvider.System);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends what fits now. False: nothing fits, or the other side has had enough.</summary>
    public bool TrySendNow(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        return _socket.Send(bytes, SocketFlags.None, out _) > 0;
    }

    /// <summary>Says that nothing more will come.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads what comes until the other side ends the connection, and returns its last part.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = "";
        var buffer = new byte[65536];
        while (await ReceiveAsync(buffer) is > 0 and var count)
            text = (text + System.Text.Encoding.UTF8.GetString(buffer, 0, count))[^Math.Min(text.Length + count, 4096)..];
        return text;
    }

    /// <summary>Reads and forgets, until the other side ends the connection or this is disposed of.</summary>
    public async Task SwallowAsync()
    {
        var buffer = new byte[65536];
        while (await ReceiveAsync(buffer) > 0)
        {
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReceiveAsync(byte[] buffer)
    {
        try
        {
            var count = await _socket.ReceiveAsync(buffer).WaitAsync(Eventually.Patience, TimeProvider.System);
            Received += count;
            return count;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return 0; // Ended with our bytes unread.
        }
    }
}
