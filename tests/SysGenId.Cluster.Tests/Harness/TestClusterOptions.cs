namespace SysGenId.Cluster.Tests.Harness;

/// <summary>What a test needs of its cluster beyond an API server.</summary>
internal sealed record TestClusterOptions
{
    /// <summary>
    /// Flags of the test API server, such as <c>--user</c>, <c>--service</c>, <c>--graceful-pod-deletion</c>. With any, only
    /// that server will do.
    /// </summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Whether requests are recorded; needs the test API server.</summary>
    public bool IsAudited { get; init; }

    /// <summary>Whether faults are injected; needs the test API server.</summary>
    public bool HasFaults { get; init; }

    /// <summary>Whether config/crd is applied; default true.</summary>
    public bool HasDefinition { get; init; } = true;

    public bool NeedsTestServer => Flags.Count > 0 || IsAudited || HasFaults;
}
