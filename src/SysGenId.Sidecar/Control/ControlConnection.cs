using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Core.Watchers;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Control;

/// <summary>One control connection: a line is a request, and each gets its answer. Only waits are answered later.</summary>
internal sealed class ControlConnection : ILineHandler, IDisposable
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(365);

    private readonly EventLoop _loop;
    private readonly PodGeneration _pod;
    private readonly Log _log;
    private readonly List<ControlConnection> _siblings;
    private readonly LineConnection _connection;
    private WatcherWait? _wait;
    private LoopTimer? _waitTimer;

    /// <exception cref="LinuxException">The socket cannot be served; it is the caller's to close.</exception>
    public ControlConnection(EventLoop loop, Descriptor socket, PodGeneration pod, Log log, List<ControlConnection> siblings)
    {
        (_loop, _pod, _log, _siblings) = (loop, pod, log, siblings);
        _connection = new LineConnection(loop, socket, this, maximumUnsent: ProtocolLimits.MaximumControlUnsent);
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>A wait of this connection has ended.</summary>
    public void AnswerWait(WatcherWait wait)
    {
        if (_wait != wait) return;
        _wait = null;
        _waitTimer?.Cancel();
        Answer(Outcome(wait.Outcome));
    }

    void ILineHandler.OnLine(LineConnection connection, ReadOnlySpan<byte> line)
    {
        var request = MessageReader.TryParse(line, out var fault);
        var answer = request is null ? Message.Failure(ErrorCode.MalformedMessage, fault) : CarryOut(request);
        if (answer is not null) Answer(answer);
    }

    void ILineHandler.OnFault(LineConnection connection, LineFault fault) => Answer(fault switch
    {
        LineFault.TooLong => Message.Failure(
            ErrorCode.MessageTooLong, $"a line has at most {ProtocolLimits.MaximumLineLength} bytes with its newline"),
        _ => Message.Failure(
            ErrorCode.MessageTooSlow, $"a line is complete within {ProtocolLimits.PartialMessageTimeout.TotalSeconds} seconds"),
    });

    void ILineHandler.OnClosed(LineConnection connection)
    {
        _siblings.Remove(this);
        _waitTimer?.Cancel();
        if (_wait is { } wait) _pod.Registry.EndWait(wait);
        _wait = null;
    }

    private void Answer(Message message) => _connection.Send(MessageWriter.ToLine(message));

    private Message? CarryOut(Message request) => request.Op switch
    {
        Operation.Hello => Greet(request),
        Operation.Get or Operation.Status => Describe(),
        Operation.Watchers => Count(),
        Operation.WaitWatchers => Wait(request),
        Operation.Force => Force(request.MinimumGeneration ?? 0),
        null => Message.Failure(ErrorCode.InvalidArgument, "the field 'op' is missing"),
        _ => Message.Failure(ErrorCode.UnsupportedOperation, "this socket knows hello, get, status, watchers, wait-watchers and force"),
    };

    private static Message Greet(Message request) => request.Protocol == ProtocolLimits.Version
        ? new Message { Ok = true, Protocol = ProtocolLimits.Version, Role = "pod", Version = ProductVersion.Text }
        : Message.Failure(ErrorCode.UnsupportedProtocol, $"this socket speaks protocol {ProtocolLimits.Version}");

    private Message Describe()
    {
        var content = _pod.Content;
        return new Message
        {
            Ok = true,
            Role = "pod",
            Generation = content.Generation,
            Id = content.Id,
            Cause = content.Cause,
            TimeNs = content.TimeNs,
            Watchers = content.Watchers,
            Outdated = content.Outdated,
            AgentConnected = content.Flags.HasFlag(PageFlags.AgentConnected),
            IsQuiesced = content.Flags.HasFlag(PageFlags.Quiesced),
            GateProven = content.Flags.HasFlag(PageFlags.GateProven),
        };
    }

    private Message Count()
    {
        var counts = _pod.Registry.Counts;
        return new Message
        {
            Ok = true,
            Generation = counts.Generation,
            Watchers = counts.Watchers,
            Outdated = counts.Outdated,
            Expected = counts.Expected,
        };
    }

    private Message? Wait(Message request)
    {
        if (_wait is not null) return Message.Failure(ErrorCode.InvalidArgument, "a wait is already under way on this connection");
        var timeoutMs = request.TimeoutMs ?? 0;
        if (timeoutMs < 0) return Message.Failure(ErrorCode.InvalidArgument, "timeoutMs must not be negative");
        var wait = _pod.Registry.BeginWait(request.Generation, this);
        if (wait.Outcome != WaitOutcome.Pending) return Outcome(wait.Outcome);
        _wait = wait;
        if (timeoutMs > 0 && timeoutMs <= _longestWait.TotalMilliseconds)
        {
            _waitTimer = _loop.After(TimeSpan.FromMilliseconds(timeoutMs), EndWaitInTime);
        }

        return null;
    }

    private void EndWaitInTime()
    {
        if (_wait is not { } wait) return;
        _pod.Registry.EndWait(wait);
        AnswerWait(wait);
    }

    private Message Outcome(WaitOutcome outcome)
    {
        var counts = _pod.Registry.Counts;
        return outcome switch
        {
            WaitOutcome.UpToDate => new Message { Ok = true, Generation = counts.Generation },
            WaitOutcome.TimedOut => Message.Failure(ErrorCode.TimedOut, "watchers are outdated still") with { Outdated = counts.Outdated },
            _ => Message.Failure(ErrorCode.Interrupted, "the caller is outdated: the generation changed") with { Generation = counts.Generation },
        };
    }

    private Message Force(uint minimum)
    {
        if (ForcePermission.Refusal(_connection.Socket) is { } refusal) return Message.Failure(ErrorCode.PermissionDenied, refusal);
        if (!_pod.TryForce(minimum))
        {
            return Message.Failure(ErrorCode.GenerationExhausted, "the last generation is reached: nothing comes after 4294967295");
        }

        _log.Write(LogLevel.Info, $"generation generation={_pod.Content.Generation} id={_pod.Content.Id} cause=Forced");
        return new Message { Ok = true, Generation = _pod.Content.Generation, Id = _pod.Content.Id };
    }
}
