namespace SysGenId.Operator.Control.Objects;

/// <summary>What the controller knows of agents and nodes. Immutable; check <see cref="Faults"/> before use.</summary>
internal sealed record ObjectsOptions
{
    /// <summary>The namespace of the DaemonSet.</summary>
    public string Namespace { get; init; } = "sysgenid-system";

    /// <summary>The agents' DaemonSet.</summary>
    public string AgentDaemonSet { get; init; } = "sysgenid-agent";

    /// <summary>How long a node may be gone before its SystemGeneration is deleted: 1 s to 24 h. Nodes are registered anew in less.</summary>
    public TimeSpan NodeGrace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Everything that is wrong, each a sentence; empty when the options can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (AgentDaemonSet.Length == 0) faults.Add("--agent-daemonset must not be empty.");
        if (NodeGrace < TimeSpan.FromSeconds(1) || NodeGrace > TimeSpan.FromHours(24)) faults.Add("--node-grace must be from 1s to 24h.");
        return faults;
    }
}
