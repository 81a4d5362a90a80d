using SysGenId.Core.Generations;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Node;

namespace SysGenId.Operator.Tests.Observability;

public sealed class MetricsTests
{
    [Fact]
    public async Task An_agent_shows_where_its_node_stands()
    {
        await using var agent = await ObservedServer.OfAgentAsync(new FakeNodeGauges());
        var text = await agent.ScrapeAsync();
        Assert.Contains("\nsysgenid_generation 4294967295\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_sidecars 3\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_gate_proven 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_state_writable 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_node_unique 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_watchers{namespace=\"shop\"} 7\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_outdated_watchers{namespace=\"shop\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_watchers{namespace=\"\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_build_info{version=\"0.1.0\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whether_the_node_is_unique_is_shown_where_somebody_knows()
    {
        var gauges = new FakeNodeGauges();
        await using var agent = await ObservedServer.OfAgentAsync(gauges);
        gauges.Gauges = gauges.Gauges with { IsNodeUnique = false };
        Assert.Contains("\nsysgenid_node_unique 0\n", await agent.ScrapeAsync(), StringComparison.Ordinal);
        gauges.Gauges = gauges.Gauges with { IsNodeUnique = null };
        Assert.DoesNotContain("\nsysgenid_node_unique ", await agent.ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_left_the_node_leaves_the_scrape()
    {
        var gauges = new FakeNodeGauges();
        await using var agent = await ObservedServer.OfAgentAsync(gauges);
        Assert.Contains("namespace=\"shop\"", await agent.ScrapeAsync(), StringComparison.Ordinal);
        gauges.Gauges = gauges.Gauges with { Watchers = new Dictionary<string, WatcherCounts> { ["bank"] = new(1, 1) } };
        var text = await agent.ScrapeAsync();
        Assert.DoesNotContain("namespace=\"shop\"", text, StringComparison.Ordinal);
        Assert.Contains("sysgenid_outdated_watchers{namespace=\"bank\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_loop_does_not_answer_its_gauges_are_absent_and_counters_are_served()
    {
        var gauges = new FakeNodeGauges();
        await using var agent = await ObservedServer.OfAgentAsync(gauges);
        await agent.ScrapeAsync();
        gauges.Hangs = true;
        var text = await agent.ScrapeAsync();
        Assert.DoesNotContain("\nsysgenid_generation ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("namespace=", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_bumps_total{cause=\"Forced\"} 0\n", text, StringComparison.Ordinal);

        gauges.Hangs = false;
        Assert.DoesNotContain("\nsysgenid_generation ", await agent.ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_end_of_the_loop_counters_are_still_served()
    {
        await using var agent = await ObservedServer.OfAgentAsync(new FakeNodeGauges { HasEnded = true });
        var text = await agent.ScrapeAsync();
        Assert.DoesNotContain("\nsysgenid_generation ", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_checkpoints_total{outcome=\"failed\"} 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_cause_and_outcome_is_a_series_from_the_start_and_counts()
    {
        await using var agent = await ObservedServer.OfAgentAsync(new FakeNodeGauges());
        var metrics = agent.Get<INodeMetrics>();
        foreach (var cause in Enum.GetValues<GenerationCause>()) metrics.Bumped(cause);
        foreach (var outcome in Enum.GetValues<RestoreOutcome>()) metrics.Restored(outcome, TimeSpan.FromMilliseconds(3));
        metrics.Checkpointed(true);
        var text = await agent.ScrapeAsync();
        foreach (var cause in new[] { "ContainerRestored", "VirtualMachineRestored", "Forced", "MinimumRaised", "AgentStateLost" })
            Assert.Contains($"\nsysgenid_bumps_total{{cause=\"{cause}\"}} 1\n", text, StringComparison.Ordinal);

        // None moves nothing; it and what a newer version may know are counted where they can be seen.
        Assert.Contains("\nsysgenid_bumps_total{cause=\"Unknown\"} 2\n", text, StringComparison.Ordinal);

        // Nobody else has such changes; of the machine's, the sources say so themselves.
        foreach (var (source, count) in new[] { ("criu", 1), ("manual", 2), ("vmclock", 0) })
            Assert.Contains($"\nsysgenid_source_events_total{{source=\"{source}\",kind=\"restored\"}} {count}\n", text, StringComparison.Ordinal);
        foreach (var outcome in new[] { "published", "refused", "ignored", "missed" })
            Assert.Contains($"\nsysgenid_restores_total{{outcome=\"{outcome}\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_checkpoints_total{outcome=\"recorded\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_checkpoints_total{outcome=\"failed\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_publish_duration_seconds_count 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_publish_duration_seconds_bucket{le=\"0.0025\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_publish_duration_seconds_bucket{le=\"0.005\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_count_on_the_loop_allocates_nothing()
    {
        await using var agent = await ObservedServer.OfAgentAsync(new FakeNodeGauges());
        var metrics = agent.Get<INodeMetrics>();
        CountOnce(metrics);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var times = 0; times < 1000; times++) CountOnce(metrics);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task A_controller_shows_where_its_cluster_stands()
    {
        var gauges = new FakeControllerGauges();
        await using var controller = await ObservedServer.OfControllerAsync(gauges);
        controller.Get<IAdmissionMetrics>().Decided("injected", "Injected", TimeSpan.FromMilliseconds(2));
        controller.Get<IReconcileMetrics>().Reconciled("objects", ReconcileResult.Conflict);
        var text = await controller.ScrapeAsync();
        Assert.Contains("\nsysgenid_leader 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_nodes{ready=\"true\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_nodes{ready=\"false\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_nodes{ready=\"unknown\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_cluster_watchers 5000000000\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_cluster_outdated_watchers 4\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_certificate_expiry_timestamp_seconds 1900000000\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_webhook_decisions_total{decision=\"injected\",reason=\"Injected\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_webhook_duration_seconds_count 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_reconciles_total{loop=\"objects\",result=\"conflict\"} 1\n", text, StringComparison.Ordinal);

        gauges.Gauges = gauges.Gauges with { CertificateExpiry = null, IsLeader = false };
        text = await controller.ScrapeAsync();
        Assert.DoesNotContain("\nsysgenid_certificate_expiry_timestamp_seconds ", text, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_leader 0\n", text, StringComparison.Ordinal);
    }

    private static void CountOnce(INodeMetrics metrics)
    {
        metrics.Bumped(GenerationCause.ContainerRestored);
        metrics.Restored(RestoreOutcome.Published, TimeSpan.FromMicroseconds(400));
        metrics.Checkpointed(isRecorded: true);
    }
}
