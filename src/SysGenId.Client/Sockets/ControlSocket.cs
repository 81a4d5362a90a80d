using System.Net.Sockets;
using SysGenId.Core.Protocol;

namespace SysGenId.Client.Sockets;

/// <summary>Asks the sidecar: a connection a question. Thread-safe.</summary>
internal sealed class ControlSocket(string path)
{
    /// <summary>Asks and waits for the answer without limit; an answer that is null means that there is none, and it may be asked again.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Ends the wait and the connection, and with it what was asked for.</param>
    /// <returns>Whether the question went out, and the answer.</returns>
    /// <exception cref="InvalidDataException">The answer is not one of a sidecar.</exception>
    public async Task<(bool WasAsked, Message? Answer)> AskAsync(Message request, CancellationToken cancellationToken)
    {
        using var socket = SidecarSocket.TryConnect(path, out _);
        if (socket is null) return (false, null);
        try
        {
            await socket.SendAsync(MessageWriter.ToLine(request), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            return (true, await ReadLineAsync(socket, cancellationToken).ConfigureAwait(false));
        }
        catch (SocketException)
        {
            return (true, null);
        }
    }

    private async Task<Message?> ReadLineAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        for (var length = 0; ;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (count == 0) return null;
            var end = buffer.AsSpan(length, count).IndexOf((byte)'\n');
            if (end >= 0) return Parse(buffer.AsSpan(0, length + end));
            length += count;
            if (length >= ProtocolLimits.MaximumLineLength) throw NotASidecar("its answer has no end");
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    private Message Parse(ReadOnlySpan<byte> line) => MessageReader.TryParse(line, out var fault) ?? throw NotASidecar(fault);

    private InvalidDataException NotASidecar(string fault) => new($"{path} is not served by a sidecar of SysGenId: {fault}.");
}
