using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Control;

/// <summary>What a leading controller makes of nodes and agents that come and go, on a server that is not always well.</summary>
public sealed class AgentReadinessTests(ControlledCluster cluster) : IClassFixture<ControlledCluster>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await cluster.CleanAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_condition_follows_the_agent_s_pod_and_nothing_else_of_the_status_is_touched()
    {
        await using var controller = cluster.Start();
        await cluster.NodeWithObjectAsync("flow");
        await cluster.ReadinessBecomesAsync("flow", "False/DaemonSetMissing");
        await ReportAsync("flow", 41);

        await cluster.DaemonSetAsync();
        await cluster.ReadinessBecomesAsync("flow", "False/PodMissing");
        await cluster.AgentPodAsync("flow", isReady: false);
        await cluster.ReadinessBecomesAsync("flow", "False/PodNotReady");
        await cluster.AgentPodAsync("flow", isReady: true);
        await cluster.ReadinessBecomesAsync("flow", "True/PodReady");
        await ReportAsync("flow", 42);
        await cluster.DeleteAgentPodAsync("flow");
        await cluster.ReadinessBecomesAsync("flow", "False/PodMissing");

        var item = (await cluster.FindAsync("flow"))!;
        Assert.Equal(42, item.Status!.Generation);
        Assert.Equal(["AgentReady", "WatchersUpToDate"], item.Status.Conditions!.Select(condition => condition.Type).Order());
        var ours = Assert.Single(item.Metadata.ManagedFields, entry => entry.Manager == ApiNames.ControllerManager);
        Assert.Equal("status", ours.Subresource);
        Assert.DoesNotContain("f:generation", ours.FieldsV1.ToString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_object_of_a_node_that_vanished_is_deleted_after_the_grace_and_no_other()
    {
        await cluster.DaemonSetAsync();
        await using var controller = cluster.Start(options: ["--node-grace", "6s"]);
        await cluster.NodeWithAgentAsync("vanished");
        await cluster.NodeWithAgentAsync("stays");
        await cluster.ReadinessBecomesAsync("vanished", "True/PodReady");
        await cluster.DeleteNodeAsync("vanished");
        await cluster.ReadinessBecomesAsync("vanished", "Unknown/NodeGone");
        await Eventually.HoldsAsync(async () => await cluster.FindAsync("vanished") is null);
        Assert.Equal("True/PodReady", await cluster.ReadinessAsync("stays"));
    }

    [Fact]
    public async Task A_node_that_registers_again_within_the_grace_keeps_its_object()
    {
        await cluster.DaemonSetAsync();
        await using var controller = cluster.Start(options: ["--node-grace", "6s"]);
        var before = await cluster.NodeWithAgentAsync("again");
        await cluster.ReadinessBecomesAsync("again", "True/PodReady");
        await cluster.DeleteNodeAsync("again");
        await cluster.ReadinessBecomesAsync("again", "Unknown/NodeGone");
        await cluster.Cluster.NodeAsync("again");
        await cluster.ReadinessBecomesAsync("again", "True/PodReady");

        // Another one that vanishes now is deleted later than this one would have been.
        await cluster.NodeWithAgentAsync("later");
        await cluster.ReadinessBecomesAsync("later", "True/PodReady");
        await cluster.DeleteNodeAsync("later");
        await Eventually.HoldsAsync(async () => await cluster.FindAsync("later") is null);
        Assert.Equal(before.Metadata.Uid, (await cluster.FindAsync("again"))!.Metadata.Uid);
    }

    [Fact]
    public async Task An_object_whose_node_exists_is_kept_also_when_the_watch_did_not_tell()
    {
        await cluster.DaemonSetAsync();
        await using var controller = cluster.Start(options: ["--node-grace", "6s"]);
        await cluster.NodeWithAgentAsync("unseen");
        await cluster.ReadinessBecomesAsync("unseen", "True/PodReady");
        await cluster.DeleteNodeAsync("unseen");
        await cluster.ReadinessBecomesAsync("unseen", "Unknown/NodeGone");

        // The node comes back where no watch can tell.
        await cluster.Cluster.Faults.AddAsync(new FaultRule { Verb = "watch", Resource = "nodes", Status = 503, Count = -1 });
        await cluster.Cluster.Faults.DropWatchesAsync();
        await cluster.Cluster.NodeAsync("unseen");
        await Eventually.HoldsAsync(() => controller.Log.Contains("[442]", StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.NotNull(await cluster.FindAsync("unseen"));
        await cluster.Cluster.Faults.ClearAsync();
        await cluster.ReadinessBecomesAsync("unseen", "True/PodReady");
    }

    [Theory]
    [InlineData("conflicts")]
    [InlineData("unavailable")]
    [InlineData("slow")]
    [InlineData("expired")]
    [InlineData("connections")]
    [InlineData("watches")]
    public async Task Whatever_happens_to_the_API_server_the_condition_catches_up(string trouble)
    {
        await cluster.DaemonSetAsync();
        await using var controller = cluster.Start(options: ["--lease-duration", "60s"]);
        await cluster.NodeWithAgentAsync(trouble);
        await cluster.ReadinessBecomesAsync(trouble, "True/PodReady");
        await MakeAsync(trouble);
        await cluster.AgentPodAsync(trouble, isReady: false);
        await Eventually.HoldsAsync(async () => await cluster.ReadinessAsync(trouble) == "False/PodNotReady", TimeSpan.FromMinutes(1));
        Assert.False(controller.HasExited);
        Assert.True(await controller.IsWellAsync("healthz"));
    }

    [Fact]
    public async Task One_object_that_cannot_be_written_holds_up_no_other()
    {
        await cluster.DaemonSetAsync();
        await cluster.Cluster.Faults.AddAsync(new FaultRule { Verb = "patch", Resource = "systemgenerations", Name = "refused", User = ControlledCluster.First, Status = 422, Count = -1 });
        await using var controller = cluster.Start();
        foreach (var name in new[] { "a-fine", "refused", "z-fine" }) await cluster.NodeWithAgentAsync(name);
        await cluster.ReadinessBecomesAsync("a-fine", "True/PodReady");
        await cluster.ReadinessBecomesAsync("z-fine", "True/PodReady");
        Assert.Null(await cluster.ReadinessAsync("refused"));
    }

    [Fact]
    public async Task The_leader_s_metrics_say_what_the_cluster_comes_to()
    {
        await cluster.DaemonSetAsync();
        await using var controller = cluster.Start();
        await cluster.NodeWithAgentAsync("counted-1");
        await cluster.NodeWithAgentAsync("counted-2", isReady: false);
        await ReportAsync("counted-1", 7, watchers: 5, outdated: 2);
        await ReportAsync("counted-2", 9, watchers: 3, outdated: 0);
        await cluster.ReadinessBecomesAsync("counted-1", "True/PodReady");
        await cluster.ReadinessBecomesAsync("counted-2", "False/PodNotReady");
        await Eventually.HoldsAsync(async () => await controller.MetricAsync("sysgenid_nodes{ready=\"true\"}") is 1);
        await Eventually.HoldsAsync(async () => await controller.MetricAsync("sysgenid_nodes{ready=\"false\"}") is 1);
        Assert.Equal(0, await controller.MetricAsync("sysgenid_nodes{ready=\"unknown\"}"));
        Assert.Equal(8, await controller.MetricAsync("sysgenid_cluster_watchers"));
        Assert.Equal(2, await controller.MetricAsync("sysgenid_cluster_outdated_watchers"));
        await Eventually.HoldsAsync(async () => await controller.MetricAsync("sysgenid_certificate_expiry_timestamp_seconds") is > 0);
    }

    private Task MakeAsync(string trouble) => trouble switch
    {
        "conflicts" => cluster.Cluster.Faults.AddAsync(new FaultRule { Verb = "patch", Resource = "systemgenerations", User = ControlledCluster.First, Status = 409, Count = 6 }),
        "unavailable" => cluster.Cluster.Faults.AddAsync(new FaultRule { User = ControlledCluster.First, Status = 503, RetryAfter = 1, Count = 8 }),
        "slow" => cluster.Cluster.Faults.AddAsync(new FaultRule { User = ControlledCluster.First, Delay = "2s", Count = 10 }),
        "expired" => ExpireAsync(),
        "connections" => cluster.Cluster.Faults.DropConnectionsAsync(),
        "watches" => cluster.Cluster.Faults.DropWatchesAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, null),
    };

    // All that a resumed watch would ask for is forgotten.
    private async Task ExpireAsync()
    {
        await cluster.Cluster.Faults.AddAsync(new FaultRule { Verb = "watch", User = ControlledCluster.First, Status = 410, Count = 5 });
        await cluster.Cluster.Faults.CompactAsync();
        await cluster.Cluster.Faults.DropWatchesAsync();
    }

    /// <summary>What the node's agent writes.</summary>
    private Task<SystemGeneration> ReportAsync(string name, long generation, int watchers = 0, int outdated = 0) => cluster.Cluster.Admin.ApplyStatusAsync(
        new SystemGeneration
        {
            Metadata = new V1ObjectMeta { Name = name },
            Status = new SystemGenerationStatus
            {
                Generation = generation,
                Watchers = watchers,
                OutdatedWatchers = outdated,
                Conditions =
                [
                    new V1Condition { Type = "WatchersUpToDate", Status = "True", Reason = "AllAcknowledged", Message = "", LastTransitionTime = DateTime.UnixEpoch },
                ],
            },
        },
        ApiNames.AgentManager,
        TestContext.Current.CancellationToken);
}
