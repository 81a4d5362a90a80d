namespace SysGenId.TestSupport.Nodes;

/// <summary>How a node under test differs from one with defaults.</summary>
internal sealed record NodeOptions
{
    /// <summary>Put the hook into the namespace's CRIU configuration before the agent starts.</summary>
    public bool WithHook { get; init; } = true;

    /// <summary>Let the agent install the hook itself.</summary>
    public bool AgentInstallsHook { get; init; }

    /// <summary>Whether the agent has a cluster, and which.</summary>
    public IReadOnlyList<string> Mode { get; init; } = ["--standalone"];

    /// <summary>The file that gets the hook's line, as seen inside the namespace.</summary>
    public string CriuConfiguration { get; init; } = "/etc/criu/default.conf";

    /// <summary>Further arguments of the agent.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
