namespace SysGenId.Operator.Node;

/// <summary>Where a node stands at one moment of its loop.</summary>
internal sealed record NodeGauges
{
    /// <summary>The node's generation (S01).</summary>
    public required uint Generation { get; init; }

    /// <summary>Sidecars connected to the agent.</summary>
    public required int Sidecars { get; init; }

    /// <summary>A checkpoint and restore of the agent's own reached the agent (S27).</summary>
    public required bool IsGateProven { get; init; }

    /// <summary>The last attempt to store the state succeeded.</summary>
    public required bool IsStateWritable { get; init; }

    /// <summary>A state of this process was stored: what it gives out from now on outlives the machine (S02).</summary>
    public required bool IsStateStored { get; init; }

    /// <summary>Nobody else reports as this node; null while nobody knows, as on a plain host.</summary>
    public bool? IsNodeUnique { get; init; }

    /// <summary>Whether each source's events are noticed, by its name.</summary>
    public IReadOnlyDictionary<string, bool> Sources { get; init; } = new Dictionary<string, bool>();

    /// <summary>Watchers by namespace of their pod; pods whose namespace is not known, and what is no pod, stand under the empty name.</summary>
    public required IReadOnlyDictionary<string, WatcherCounts> Watchers { get; init; }
}
