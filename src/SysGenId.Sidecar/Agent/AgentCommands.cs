using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Checkpoints;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Agent;

/// <summary>What the agent asks a pod to do. Loop thread only.</summary>
internal sealed class AgentCommands(
    string directory,
    AgentLink link,
    PodGeneration pod,
    Quiescence quiescence,
    ReturningWatchers returning,
    WatcherPeers peers,
    StatsReporter stats,
    Action beginServing,
    Log log) : IAgentHandler
{
    public Message Registration() => new()
    {
        Op = Operation.Register,
        Protocol = ProtocolLimits.Version,
        Directory = directory,
        Generation = pod.Content.Generation,
        Id = pod.LastDelivered,
    };

    public void OnRegistered()
    {
        pod.SetFlags(PageFlags.AgentConnected, true);

        // An agent that knows our page to be up to date has nothing to deliver. A page that never showed anything waits.
        if (pod.LastDelivered != Guid.Empty) beginServing();
        stats.Reset();
        stats.Note();
    }

    public void OnLost()
    {
        // Whoever began a checkpoint through that agent cannot end it any more; what is known of the gate is old.
        pod.SetFlags(PageFlags.AgentConnected | PageFlags.GateProven, false);
        quiescence.EndAll();
    }

    public bool TryCarryOut(Message message)
    {
        var isUnderstood = message.Op switch
        {
            Operation.Generation => Deliver(message),
            Operation.ExpectWatchers => Expect(message),
            Operation.Quiesce => Quiesce(message),
            Operation.Resume => Resume(message),
            Operation.Gate => NoteGate(message),
            _ => PassOver(message.Op),
        };
        if (isUnderstood) link.Confirm();
        return isUnderstood;
    }

    private bool Deliver(Message message)
    {
        if (message is not { Generation: { } generation, Id: { } id }) return false;
        NoteGate(message);
        var cause = message.Cause ?? GenerationCause.None;
        var outcome = pod.Deliver(new Delivery(generation, message.Minimum ?? 0, id, cause, message.TimeNs ?? 0));
        beginServing();
        var counts = pod.Registry.Counts;
        link.Send(MessageWriter.ToLine(new Message
        {
            Op = Operation.Published,
            Id = id,
            Error = outcome == DeliveryOutcome.Exhausted ? ErrorCode.GenerationExhausted : null,
            Generation = counts.Generation,
            Watchers = counts.Watchers,
            Outdated = counts.Outdated,
        }));
        stats.NoteTold(counts);
        Report(outcome, id, cause);
        return true;
    }

    private void Report(DeliveryOutcome outcome, Guid id, GenerationCause cause)
    {
        if (outcome == DeliveryOutcome.Published)
        {
            log.Write(LogLevel.Info, $"generation generation={pod.Content.Generation} id={id} cause={cause.Name()}");
        }
        else if (outcome == DeliveryOutcome.Exhausted)
        {
            log.Write(LogLevel.Error, $"generation-exhausted generation={pod.Content.Generation} id={id} cause={cause.Name()}");
        }
    }

    private bool Expect(Message message)
    {
        if (message is not { Container: { } container, Count: { } count }) return false;
        returning.ExpectRestored(container, count);
        return true;
    }

    private bool Quiesce(Message message)
    {
        if (message is not { Checkpoint: { } checkpoint }) return false;
        var watchers = quiescence.Begin(checkpoint, message.Container ?? "");
        peers.Show(checkpoint);
        link.Send(MessageWriter.ToLine(new Message
        {
            Op = Operation.Quiesced,
            Checkpoint = checkpoint,
            Watchers = watchers,
            Generation = pod.Content.Generation,
            Id = pod.Content.Id,
        }));
        return true;
    }

    private bool Resume(Message message)
    {
        if (message is not { Checkpoint: { } checkpoint }) return false;
        quiescence.End(checkpoint);
        return true;
    }

    private bool NoteGate(Message message)
    {
        if (message.GateProven is not { } proven) return false;
        pod.SetFlags(PageFlags.GateProven, proven);
        return true;
    }

    // A newer agent may know more than this program.
    private bool PassOver(string? operation)
    {
        log.Write(LogLevel.Debug, $"agent-operation-unknown op={operation}");
        return true;
    }
}
