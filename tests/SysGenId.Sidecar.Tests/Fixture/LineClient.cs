using System.Net.Sockets;
using System.Text;
using SysGenId.Core.Protocol;

namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>One end of a connection that carries lines.</summary>
internal class LineClient : StreamClient
{
    private readonly List<byte> _received = [];

    public LineClient(string path)
        : base(path)
    {
    }

    protected LineClient(Socket socket)
        : base(socket)
    {
    }

    public void Send(Message message) => Send(MessageWriter.ToLine(message));

    public void SendText(string line) => Send(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>The next message; waits for it.</summary>
    public Message Receive() => MessageReader.TryParse(ReceiveLine(), out var fault) ?? throw new InvalidDataException(fault);

    /// <summary>The next message of an operation; others before it are passed over.</summary>
    public Message Receive(string operation)
    {
        while (true)
        {
            if (Receive() is var message && message.Op == operation) return message;
        }
    }

    public Message Request(Message message)
    {
        Send(message);
        return Receive();
    }

    public Message Request(string operation) => Request(Message.Request(operation));

    public Message RequestText(string line)
    {
        SendText(line);
        return Receive();
    }

    /// <summary>Whether nothing has come that was not received.</summary>
    public bool IsSilent => _received.Count == 0 && !Socket.Poll(0, SelectMode.SelectRead);

    protected virtual int ReceiveBytes(byte[] buffer) => Socket.Receive(buffer);

    private byte[] ReceiveLine()
    {
        var buffer = new byte[4096];
        while (true)
        {
            var end = _received.IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = _received.GetRange(0, end).ToArray();
                _received.RemoveRange(0, end + 1);
                return line;
            }

            var count = ReceiveBytes(buffer);
            if (count == 0) throw new EndOfStreamException();
            _received.AddRange(buffer.AsSpan(0, count));
        }
    }
}
