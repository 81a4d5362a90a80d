using System.Net.Sockets;
using System.Text;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>The host's end of a serial port: lines each way.</summary>
internal sealed class SerialPort : IDisposable
{
    private readonly Socket _socket;
    private readonly List<SerialLine> _lines = [];

    private SerialPort(Socket socket)
    {
        _socket = socket;
        _ = Task.Run(ReadAsync);
    }

    /// <summary>All that the guest wrote so far, without a line that is not complete.</summary>
    public IReadOnlyList<SerialLine> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>Connects; QEMU listens there already, as it does to its monitor.</summary>
    public static async Task<SerialPort> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new SerialPort(socket);
    }

    public async Task WriteLineAsync(string line) => await _socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(new NetworkStream(_socket), Encoding.UTF8);
            while (await reader.ReadLineAsync() is { } text)
            {
                var line = new SerialLine(text, TimeProvider.System.GetTimestamp());
                lock (_lines)
                    _lines.Add(line);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The guest has ended, or this object.
        }
    }
}
