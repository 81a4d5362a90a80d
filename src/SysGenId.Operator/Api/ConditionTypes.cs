namespace SysGenId.Operator.Api;

/// <summary>Condition types of a SystemGeneration. Each is written by one field manager only.</summary>
internal static class ConditionTypes
{
    /// <summary>The node's agent pod is ready. Written by the controller.</summary>
    public const string AgentReady = "AgentReady";

    /// <summary>Every event source that this node can have is active. Written by the agent.</summary>
    public const string SourcesReady = "SourcesReady";

    /// <summary>A checkpoint and restore of the agent's own reached the agent (S27). Written by the agent.</summary>
    public const string GateProven = "GateProven";

    /// <summary>No watcher is outdated (S12). Written by the agent.</summary>
    public const string WatchersUpToDate = "WatchersUpToDate";

    /// <summary>Nobody but the node's own agent reports as this node. Written by the agent.</summary>
    public const string NodeUnique = "NodeUnique";
}
