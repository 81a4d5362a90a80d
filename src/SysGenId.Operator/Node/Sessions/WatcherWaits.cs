using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Sessions;

/// <summary>Callers that wait until no watcher of the node is outdated (S12). Loop thread only.</summary>
internal sealed class WatcherWaits
{
    private readonly EventLoop _loop;
    private readonly SidecarDirectory _sidecars;
    private readonly NodeGeneration _node;
    private readonly List<Wait> _waits = [];

    public WatcherWaits(EventLoop loop, SidecarDirectory sidecars, GenerationPublisher publisher)
    {
        (_loop, _sidecars, _node) = (loop, sidecars, publisher.Node);
        publisher.Bumped += InterruptAll;
        sidecars.Changed += EndSatisfied;
    }

    /// <summary>Begins a wait; its answer comes now or later, unless the caller goes first.</summary>
    public void Begin(Message request, AgentSession caller)
    {
        var current = _node.Current.Generation;
        if (request.TimeoutMs is < 0 or > int.MaxValue)
        {
            caller.Send(Message.Failure(ErrorCode.InvalidArgument, $"timeoutMs must be from 0 (no limit) to {int.MaxValue}"));
        }
        else if (request.Generation is { } handled && handled != current)
        {
            caller.Send(Interrupted());
        }
        else if (IsSatisfied)
        {
            caller.Send(new Message { Ok = true, Generation = current });
        }
        else
        {
            Add(caller, request.TimeoutMs ?? 0);
        }
    }

    private bool IsSatisfied => _sidecars.Outdated == 0;

    private void Add(AgentSession caller, long timeoutMs)
    {
        var wait = new Wait(caller);
        _waits.Add(wait);
        wait.CallerLeft = _ => End(wait, null);
        caller.Ended += wait.CallerLeft;
        if (timeoutMs > 0) wait.Timeout = _loop.After(TimeSpan.FromMilliseconds(timeoutMs), () => End(wait, TimedOut()));
    }

    private void InterruptAll()
    {
        foreach (var wait in _waits.ToArray()) End(wait, Interrupted());
    }

    private void EndSatisfied()
    {
        if (_waits.Count == 0 || !IsSatisfied) return;
        foreach (var wait in _waits.ToArray()) End(wait, new Message { Ok = true, Generation = _node.Current.Generation });
    }

    private void End(Wait wait, Message? answer)
    {
        if (!_waits.Remove(wait)) return;
        wait.Timeout?.Cancel();
        wait.Caller.Ended -= wait.CallerLeft;
        if (answer is not null) wait.Caller.Send(answer);
    }

    private Message Interrupted() =>
        Message.Failure(ErrorCode.Interrupted, "a newer generation came; handle it and wait again") with { Generation = _node.Current.Generation };

    private Message TimedOut() =>
        Message.Failure(ErrorCode.TimedOut, $"{_sidecars.Outdated} watcher(s) are still outdated") with
        {
            Generation = _node.Current.Generation,
            Outdated = _sidecars.Outdated,
        };

    private sealed class Wait(AgentSession caller)
    {
        public AgentSession Caller { get; } = caller;

        public LoopTimer? Timeout { get; set; }

        public Action<AgentSession>? CallerLeft { get; set; }
    }
}
