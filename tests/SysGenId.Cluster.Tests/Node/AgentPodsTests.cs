using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>What an agent's object says of the pods on its node, with real sidecars and real watchers.</summary>
public sealed class AgentPodsTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private TestCluster Cluster => fixture.Cluster;

    [Fact]
    public async Task S12_WatchersUpToDate_is_wait_watchers_for_a_cluster()
    {
        Requires.PrivateMounts();
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "watchers");
        await using var first = await PodOnCluster.StartAsync(Cluster, agent, "watchers-first");
        await using var second = await PodOnCluster.StartAsync(Cluster, agent, "watchers-second");
        using var watcher = await first.WatchAsync();
        using var other = await second.WatchAsync();
        await agent.ObjectAsync(present => present.Status is { Sidecars: 2, Watchers: 2, OutdatedWatchers: 0 }, "both are counted");

        await agent.PatchAsync("""{"spec":{"minimumGeneration":10}}""");

        // As soon as the patch is taken in, the condition says that they are not up to date: never that they still are.
        var outdated = await agent.ObjectAsync(present => present.Status?.ObservedGeneration == 2, "the patch is in force");
        Assert.False(outdated.Is(ConditionTypes.WatchersUpToDate));
        Assert.Equal(10u, await PodOnCluster.ReadAsync(watcher));
        Assert.Equal(10u, await PodOnCluster.ReadAsync(other));
        outdated = await agent.ObjectAsync(present => present.Status is { OutdatedWatchers: 2 }, "both are outdated");
        Assert.Equal(["default/watchers-first", "default/watchers-second"], outdated.Status!.OutdatedPods!);
        Assert.Equal("WatchersOutdated", outdated.Condition(ConditionTypes.WatchersUpToDate)!.Reason);

        await PodOnCluster.AcknowledgeAsync(watcher, 10);
        outdated = await agent.ObjectAsync(present => present.Status is { OutdatedWatchers: 1 }, "one is left");
        Assert.Equal(["default/watchers-second"], outdated.Status!.OutdatedPods!);
        Assert.False(outdated.Is(ConditionTypes.WatchersUpToDate));

        await PodOnCluster.AcknowledgeAsync(other, 10);
        var upToDate = await agent.ObjectAsync(present => present.Is(ConditionTypes.WatchersUpToDate), "none is left");
        Assert.Equal((0, 2, "AllAcknowledged"), (upToDate.Status!.OutdatedWatchers, upToDate.Status.Watchers, upToDate.Condition(ConditionTypes.WatchersUpToDate)!.Reason));
        Assert.Equal(2, await agent.MetricAsync("sysgenid_watchers{namespace=\"default\"}"));
        Assert.Equal(0, await agent.MetricAsync("sysgenid_outdated_watchers{namespace=\"default\"}"));
    }
}
