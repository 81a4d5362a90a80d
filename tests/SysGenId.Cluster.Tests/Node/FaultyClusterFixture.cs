using SysGenId.Cluster.Tests.Harness;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>A cluster whose requests are recorded and can be made to fail.</summary>
public sealed class FaultyClusterFixture() : ClusterFixture(new TestClusterOptions { IsAudited = true, HasFaults = true });
