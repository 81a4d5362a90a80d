using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SysGenId.Core.Linux;
using Xunit;

namespace SysGenId.TestSupport.Nodes;

/// <summary>
/// One connection to an agent or control socket, written from the protocol's description and not from our
/// code: one JSON object a line each way.
/// </summary>
internal sealed class JsonLineClient : IDisposable
{
    private readonly Socket _socket;
    private readonly StreamReader _reader;

    private JsonLineClient(Socket socket)
    {
        _socket = socket;
        _reader = new StreamReader(new NetworkStream(socket), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static JsonLineClient Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new JsonLineClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and returns the next line that arrives.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection instead.</exception>
    public async Task<JsonElement> AskAsync(object request, TimeSpan? within = null)
    {
        await SendAsync(request);
        return await ReceiveAsync(within);
    }

    public async Task SendAsync(object message)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(message).Append((byte)'\n').ToArray();
        await _socket.SendAsync(line);
    }

    /// <summary>Sends a request with descriptors, which stay the caller's.</summary>
    public void Send(object message, IReadOnlyList<int> descriptors)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(message).Append((byte)'\n').ToArray();
        var borrowed = new Descriptor((int)_socket.Handle);
        Assert.Equal(line.Length, DescriptorMessage.Send(borrowed, line, [.. descriptors], out _));
        borrowed.SetHandleAsInvalid();
    }

    /// <summary>Returns the next line.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection instead.</exception>
    public async Task<JsonElement> ReceiveAsync(TimeSpan? within = null)
    {
        var line = await _reader.ReadLineAsync().WaitAsync(within ?? Eventually.Patience, TimeProvider.System);
        return line is null ? throw new EndOfStreamException() : JsonElement.Parse(line);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _socket.Dispose();
    }
}
