using SysGenId.Core.Generations;

namespace SysGenId.Operator.Node;

/// <summary>What the node agent tells of events as they happen. Called on the loop thread: must not block.</summary>
internal interface INodeMetrics
{
    /// <summary>The node's generation moved.</summary>
    void Bumped(GenerationCause cause);

    /// <summary>A restore was answered, so long after its request came.</summary>
    void Restored(RestoreOutcome outcome, TimeSpan elapsed);

    /// <summary>A container of ours was checkpointed, or could not be.</summary>
    void Checkpointed(bool isRecorded);
}
