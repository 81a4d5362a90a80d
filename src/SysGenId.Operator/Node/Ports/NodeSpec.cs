using SysGenId.Core.Protocol;

namespace SysGenId.Operator.Node.Ports;

/// <summary>What is asked of a running agent, already checked. Null: as it was started.</summary>
internal sealed record NodeSpec
{
    /// <summary>The node's generation is raised to at least this.</summary>
    public uint? MinimumGeneration { get; init; }

    public RestoreScope? RestoreScope { get; init; }

    public RestoreFailurePolicy? RestoreFailurePolicy { get; init; }

    /// <summary>10 ms to 60 s.</summary>
    public TimeSpan? PublishTimeout { get; init; }

    /// <summary>Whether the hook is to be taken off the node, and kept off.</summary>
    public bool IsUninstallRequested { get; init; }
}
