using k8s.Models;

namespace SysGenId.Operator.Api;

/// <summary>What a node's agent last reported, and what the controller knows of that agent.</summary>
internal sealed class SystemGenerationStatus
{
    /// <summary>The <c>metadata.generation</c> of the object whose spec is in force.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The node's system generation: 0 to 4294967295 (S01).</summary>
    public long? Generation { get; set; }

    /// <summary>Its name, a UUID (S24).</summary>
    public string? GenerationId { get; set; }

    /// <summary>The change that led to it.</summary>
    public LastChange? LastChange { get; set; }

    /// <summary>Watchers of all pods of the node.</summary>
    public int? Watchers { get; set; }

    /// <summary>Those that have not acknowledged the current generation.</summary>
    public int? OutdatedWatchers { get; set; }

    /// <summary>Pods with outdated watchers, as namespace/name, or their UIDs while the names are not known; at most 10.</summary>
    public IList<string>? OutdatedPods { get; set; }

    /// <summary>Sidecars connected to the agent.</summary>
    public int? Sidecars { get; set; }

    /// <summary>The event sources of the node.</summary>
    public IList<SourceStatus>? Sources { get; set; }

    /// <summary><c>AgentReady</c>, written by the controller; <c>SourcesReady</c>, <c>GateProven</c>, <c>WatchersUpToDate</c> and <c>NodeUnique</c>, written by the agent.</summary>
    public IList<V1Condition>? Conditions { get; set; }
}
