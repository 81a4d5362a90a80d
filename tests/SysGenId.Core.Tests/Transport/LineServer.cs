using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Transport;

/// <summary>A listener whose connections write down what happens to them, and clients for it.</summary>
internal sealed class LineServer : ILineHandler, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Listener _listener;
    private readonly List<Socket> _clients = [];

    public LineServer()
    {
        _listener = Running.Invoke(() => new Listener(
            Running.Loop, Path, 0x1B6, socket => Connections.Add(new LineConnection(Running.Loop, socket, this, isStarted: IsStarted))));
    }

    /// <summary>Whether connections are served at once; otherwise a test starts them.</summary>
    public bool IsStarted { get; set; } = true;

    public RunningLoop Running { get; } = new();

    public string Path => _directory.File("socket");

    public List<LineConnection> Connections { get; } = [];

    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<LineFault> Faults { get; } = new();

    public ConcurrentQueue<LineConnection> Closed { get; } = new();

    /// <summary>What to do on a line, beside writing it down.</summary>
    public Action<LineConnection, string> Answer { get; set; } = (_, _) => { };

    /// <summary>A client, accepted.</summary>
    public Socket Connect()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 20_000, SendTimeout = 20_000 };
        client.Connect(new UnixDomainSocketEndPoint(Path));
        _clients.Add(client);
        Running.Settle();
        return client;
    }

    /// <summary>Everything the server sends until it closes; it resets the connection when it left something unread.</summary>
    public static byte[] ReadToEnd(Socket client)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var count = client.Receive(buffer, SocketFlags.None, out var error);
            if (count == 0 && error is SocketError.Success or SocketError.ConnectionReset) return bytes.ToArray();
            Assert.Equal(SocketError.Success, error);
            bytes.Write(buffer, 0, count);
        }
    }

    public void OnLine(LineConnection connection, ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        Lines.Enqueue(text);
        Answer(connection, text);
    }

    public void OnFault(LineConnection connection, LineFault fault)
    {
        Faults.Enqueue(fault);
        connection.Send(MessageWriter.ToLine(Message.Failure(ErrorCode.MessageTooLong, $"{fault}")));
    }

    public void OnClosed(LineConnection connection) => Closed.Enqueue(connection);

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        Running.Invoke(() =>
        {
            _listener.Dispose();
            Connections.ForEach(connection => connection.Dispose());
        });
        Running.Dispose();
        _directory.Dispose();
    }
}
