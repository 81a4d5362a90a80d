using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Node.Ports;

/// <summary>A node at one instant. Immutable.</summary>
internal sealed record NodeSnapshot
{
    /// <summary>The change that led to the current generation.</summary>
    public required GenerationChange Current { get; init; }

    public required GateStatus Gate { get; init; }

    /// <summary>Whether <see cref="Gate"/> is about the hook as it was ordered last.</summary>
    public bool IsGateSettled { get; init; }

    /// <summary>Why the state cannot be stored; null while it can.</summary>
    public string? StateFault { get; init; }

    /// <summary>Whether a state of this process was stored.</summary>
    public bool IsStateStored { get; init; }

    /// <summary>Watchers of all pods.</summary>
    public int Watchers { get; init; }

    /// <summary>Those that have not acknowledged the current generation.</summary>
    public int Outdated { get; init; }

    /// <summary>One for each connected sidecar.</summary>
    public IReadOnlyList<PodCounts> Pods { get; init; } = [];

    /// <summary>Who tells this node of restores.</summary>
    public IReadOnlyList<SourceSnapshot> Sources { get; init; } = [];
}
