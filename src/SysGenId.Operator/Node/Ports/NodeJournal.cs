using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Node.Ports;

/// <summary>
/// Takes note of what happens, for metrics at once and for people when they ask: on the way of a restore it counts and
/// puts one entry into a bounded queue, and words are found later. Loop thread only.
/// </summary>
internal sealed class NodeJournal(INodeMetrics metrics)
{
    // More than the history holds, as what is not a change is noted too; older ones are in the log.
    private const int MaximumKept = 128;

    private readonly Queue<(Guid Change, Occurrence? Occurrence)> _entries = new(MaximumKept);

    /// <summary>Raised after something was noted.</summary>
    public event Action? Noted;

    /// <summary>The node's generation moved. Whom it is about may be found out later.</summary>
    public void Bumped(GenerationChange change)
    {
        metrics.Bumped(change.Cause);
        Keep(change.Id, null);
    }

    /// <summary>A source reported something about the machine.</summary>
    public void Reported(string source, MachineEventKind kind) => metrics.Reported(source, kind);

    /// <summary>Every connected sidecar has answered for a change of the machine's.</summary>
    public void MachineEventPublished(TimeSpan elapsed) => metrics.MachineEventPublished(elapsed);

    /// <summary>The machine's time was disrupted, and the generation stayed.</summary>
    public void Disrupted(string message) =>
        Keep(Guid.Empty, new Occurrence(OccurrenceReasons.MachineDisrupted, IsWarning: false, $"{message}; the generation did not move.", null));

    /// <summary>A restore was held until its pages showed the new generation.</summary>
    public void Published(TimeSpan elapsed) => metrics.Restored(RestoreOutcome.Published, elapsed);

    /// <summary>A restore could not be published in time; the policy decided.</summary>
    public void NotPublished(RestoreFailurePolicy policy, string? podUid, string container, string reason, TimeSpan elapsed)
    {
        var isRefused = policy == RestoreFailurePolicy.Fail;
        metrics.Restored(isRefused ? RestoreOutcome.Refused : RestoreOutcome.Ignored, elapsed);
        Warn(
            isRefused ? OccurrenceReasons.RestoreRefused : OccurrenceReasons.RestoreMissed,
            $"The restore of container {Short(container)} was {(isRefused ? "refused" : "let through")}: {reason}",
            podUid);
    }

    /// <summary>What the hook did while the agent was away.</summary>
    public void HappenedWhileAway(bool isRefused, string? podUid, string? container, string reason)
    {
        metrics.Restored(isRefused ? RestoreOutcome.Refused : RestoreOutcome.Missed, TimeSpan.Zero);
        Warn(
            isRefused ? OccurrenceReasons.RestoreRefused : OccurrenceReasons.RestoreMissed,
            $"While the agent was away the restore of container {Short(container)} was {(isRefused ? "refused" : "let through")}: {reason}",
            podUid);
    }

    /// <summary>A container of ours was checkpointed, or could not be.</summary>
    public void Checkpointed(bool isRecorded) => metrics.Checkpointed(isRecorded);

    /// <summary>Somebody asked for a bump, and there is no number left.</summary>
    public void Exhausted() =>
        Warn(OccurrenceReasons.GenerationExhausted, $"Generation {uint.MaxValue} is the last; this node cannot be bumped any more.", null);

    /// <summary>The gate is proven now, or was until now.</summary>
    public void GateChanged(GateStatus status) => Keep(Guid.Empty, new Occurrence(
        status.IsProven ? OccurrenceReasons.GateProven : OccurrenceReasons.GateLost, !status.IsProven, status.Message, null));

    /// <summary>All that was noted since the last call, oldest first, as far as it is still remembered.</summary>
    public IReadOnlyList<Occurrence> Take(NodeGeneration node)
    {
        var taken = new List<Occurrence>(_entries.Count);
        while (_entries.TryDequeue(out var entry))
        {
            var change = entry.Occurrence is null ? node.History.LastOrDefault(line => line.Id == entry.Change) : null;
            if (entry.Occurrence is not null) taken.Add(entry.Occurrence);
            else if (change is not null) taken.Add(InWords(change));
        }

        return taken;
    }

    private static Occurrence InWords(GenerationChange change) => new(
        change.Cause.Name(),
        IsWarning: change.Cause == GenerationCause.AgentStateLost,
        change.Cause switch
        {
            GenerationCause.ContainerRestored => $"Container {Short(change.Container)} was restored from a checkpoint; the generation is {change.Generation} ({change.Id}).",
            GenerationCause.VirtualMachineRestored =>
                $"The machine {(change.IsSuspected ? "may have been" : "was")} cloned or rolled back ({string.Join(", ", change.ReportedBy())}: {change.Message}); the generation is {change.Generation} ({change.Id}).",
            GenerationCause.MinimumRaised => $"spec.minimumGeneration is {change.Minimum}; the generation is {change.Generation} ({change.Id}).",
            GenerationCause.AgentStateLost => $"{change.Message}; the generation is {change.Generation} ({change.Id}).",
            _ => $"The generation is {change.Generation} ({change.Id}).",
        },
        change.Pod);

    // As people know it from crictl and docker.
    private static string Short(string? container) => container is { Length: > 12 } ? container[..12] : container ?? "";

    private void Warn(string reason, string message, string? podUid) => Keep(Guid.Empty, new Occurrence(reason, IsWarning: true, message, podUid));

    private void Keep(Guid change, Occurrence? occurrence)
    {
        if (_entries.Count == MaximumKept) _entries.Dequeue();
        _entries.Enqueue((change, occurrence));
        Noted?.Invoke();
    }
}
