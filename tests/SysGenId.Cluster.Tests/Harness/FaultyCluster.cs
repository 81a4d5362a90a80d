namespace SysGenId.Cluster.Tests.Harness;

/// <summary>A cluster whose server can be made to misbehave.</summary>
public sealed class FaultyCluster() : ClusterFixture(new TestClusterOptions { HasFaults = true, Flags = ["--user", "tester=tester=system:masters"] })
{
    /// <summary>A user of its own for what is under test, so that faults hit nobody else.</summary>
    internal const string Tester = "tester";
}
