using System.Net.Sockets;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>A blocking connection that gives up after a while instead of hanging the test.</summary>
internal class StreamClient : IDisposable
{
    public StreamClient(string path)
        : this(Connect(path))
    {
    }

    protected StreamClient(Socket socket)
    {
        Socket = socket;
        Socket.ReceiveTimeout = Socket.SendTimeout = (int)Eventually.Patience.TotalMilliseconds;
    }

    public Socket Socket { get; }

    /// <summary>Whether the other side has closed, possibly after bytes that are read and dropped here.</summary>
    public bool IsEnded
    {
        get
        {
            try
            {
                var buffer = new byte[4096];
                while (Socket.Poll(0, SelectMode.SelectRead))
                {
                    if (Socket.Receive(buffer) == 0) return true;
                }

                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    /// <summary>
    /// Waits for the other side's close. Here it is in this process, and while another test starts a program, a copy of
    /// every descriptor is in the child until that executes: what is closed is seen closed a little later.
    /// </summary>
    public Task EndsAsync() => Eventually.HoldsAsync(() => IsEnded, what: "the other side closes");

    public void Send(ReadOnlySpan<byte> bytes) => Socket.Send(bytes);

    /// <summary>Sends what may meet a closed connection.</summary>
    public void TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Socket.Send(bytes);
        }
        catch (SocketException)
        {
            // The other side was quicker to close.
        }
    }

    public void Dispose() => Socket.Dispose();

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
