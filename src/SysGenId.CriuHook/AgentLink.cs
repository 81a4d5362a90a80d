using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook;

/// <summary>One request to the agent at a time, each on a connection of its own, and never for longer than it is told.</summary>
internal static class AgentLink
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks the agent.</summary>
    /// <param name="path">Its socket.</param>
    /// <param name="request">What to ask; asked again of an agent that comes back, so it must be idempotent.</param>
    /// <param name="reach">How long to try while nobody can be reached; zero or less tries once.</param>
    /// <param name="answer">Until when to wait for an answer.</param>
    public static AgentReply Ask(string path, Message request, Deadline reach, Deadline answer)
    {
        var line = MessageWriter.ToLine(request);
        for (var pause = _firstPause; ; pause = Shorter(pause * 2, _longestPause))
        {
            var reply = AskOnce(path, line, answer);
            if (reply.Outcome != AgentOutcome.Unreachable || reach.HasPassed) return reply;
            Readiness.Pause(Shorter(pause, reach.Remaining));
        }
    }

    private static AgentReply AskOnce(string path, byte[] line, Deadline deadline)
    {
        // Not blocking: a connect to an agent that hangs with a full backlog would wait for ever.
        using var socket = UnixSocket.TryConnect(path, blocking: false, out var error);
        if (socket is null) return Unreachable($"the node agent at {path} cannot be reached ({error})");
        if (!TrySend(socket, line, deadline, out var failure)) return failure;

        var buffer = new byte[ProtocolLimits.MaximumLineLength];
        var length = 0;
        while (length < buffer.Length)
        {
            var count = UnixSocket.Receive(socket, buffer.AsSpan(length), out error);
            if (count > 0)
            {
                var end = buffer.AsSpan(length, count).IndexOf((byte)'\n');
                if (end >= 0) return Read(buffer.AsSpan(0, length + end));
                length += count;
            }
            else if (count == 0 || error is not (Errno.EAGAIN or Errno.EINTR))
            {
                return Unreachable($"the node agent at {path} closed the connection without an answer");
            }
            else if (deadline.HasPassed)
            {
                return Silent(path);
            }
            else
            {
                Readiness.Wait(socket, Readiness.Readable, deadline.Remaining);
            }
        }

        return new AgentReply(AgentOutcome.Garbled, null, $"the node agent at {path} gave an answer of more than {ProtocolLimits.MaximumLineLength} bytes");
    }

    private static bool TrySend(Descriptor socket, ReadOnlySpan<byte> line, Deadline deadline, out AgentReply failure)
    {
        failure = null!;
        while (line.Length > 0)
        {
            var count = UnixSocket.Send(socket, line, out var error);
            if (count > 0)
            {
                line = line[count..];
            }
            else if (error is not (Errno.EAGAIN or Errno.EINTR))
            {
                failure = Unreachable("the node agent closed the connection before it had the request");
                return false;
            }
            else if (deadline.HasPassed)
            {
                failure = new AgentReply(AgentOutcome.Silent, null, "the node agent did not take the request in time");
                return false;
            }
            else
            {
                Readiness.Wait(socket, Readiness.Writable, deadline.Remaining);
            }
        }

        return true;
    }

    private static AgentReply Read(ReadOnlySpan<byte> line) => MessageReader.TryParse(line, out var fault) switch
    {
        { Ok: true } answer => new AgentReply(AgentOutcome.Done, answer, ""),
        { Ok: false, Error: ErrorCode.ShuttingDown } => Unreachable("the node agent is shutting down"),
        { Ok: false } answer => new AgentReply(AgentOutcome.Refused, answer, $"the node agent says {answer.Error}: {answer.Text}"),
        { } => new AgentReply(AgentOutcome.Garbled, null, "the node agent's answer says neither yes nor no"),
        null => new AgentReply(AgentOutcome.Garbled, null, $"the node agent's answer makes no sense: {fault}"),
    };

    private static AgentReply Unreachable(string reason) => new(AgentOutcome.Unreachable, null, reason);

    private static AgentReply Silent(string path) => new(AgentOutcome.Silent, null, $"the node agent at {path} did not answer in time");

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
