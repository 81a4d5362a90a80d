using SysGenId.Core.Generations;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Node;

/// <summary>What the node agent tells of events as they happen. Called on the loop thread: must not block.</summary>
internal interface INodeMetrics
{
    /// <summary>The node's generation moved, and where only one source has such changes, that one reported it.</summary>
    void Bumped(GenerationCause cause);

    /// <summary>A restore was answered, so long after its request came.</summary>
    void Restored(RestoreOutcome outcome, TimeSpan elapsed);

    /// <summary>A source reported something about the machine.</summary>
    /// <param name="source">One of <see cref="SourceNames"/>.</param>
    /// <param name="kind">What.</param>
    void Reported(string source, MachineEventKind kind);

    /// <summary>Every connected sidecar has answered for a restore of the machine, so long after it was noticed.</summary>
    void MachineEventPublished(TimeSpan elapsed);

    /// <summary>A container of ours was checkpointed, or could not be.</summary>
    void Checkpointed(bool isRecorded);
}
