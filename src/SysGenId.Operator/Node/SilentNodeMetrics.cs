using SysGenId.Core.Generations;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Node;

/// <summary>Nobody counts.</summary>
internal sealed class SilentNodeMetrics : INodeMetrics
{
    public static readonly SilentNodeMetrics Instance = new();

    public void Bumped(GenerationCause cause)
    {
    }

    public void Restored(RestoreOutcome outcome, TimeSpan elapsed)
    {
    }

    public void Reported(string source, MachineEventKind kind)
    {
    }

    public void MachineEventPublished(TimeSpan elapsed)
    {
    }

    public void Checkpointed(bool isRecorded)
    {
    }
}
