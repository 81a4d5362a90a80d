using System.Net;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>An API server that is busy, ill, slow, forgetful or away: the agent serves its node as ever and catches up after.</summary>
public sealed class AgentFaultTests(FaultyClusterFixture fixture) : IClassFixture<FaultyClusterFixture>, IAsyncLifetime
{
    private const string Rounds = "sysgenid_reconciles_total{loop=\"report\",result=\"unchanged\"}";

    private TestCluster Cluster => fixture.Cluster;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result != TestResult.Skipped) await Cluster.Faults.ClearAsync();
    }

    [Fact]
    public async Task At_rest_nothing_is_written_whatever_wakes_the_agent()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "at-rest");
        await agent.ForceAsync(5);
        await NothingIsLeftToWriteAsync(agent, 5);
        var before = Writes(agent).Count;

        // A pod that comes, and watches that end: each is a round of the agent's.
        var rounds = await agent.MetricAsync(Rounds);
        for (var pod = 1; pod <= 3; pod++)
        {
            await Cluster.ApplyAsync($"{{apiVersion: v1, kind: Pod, metadata: {{name: rest-{pod}, namespace: default}}, spec: {{nodeName: {agent.Name}, containers: [{{name: c, image: i}}]}}}}");
            await Eventually.HoldsAsync(async () => await agent.MetricAsync(Rounds) >= rounds + pod);
        }

        await Cluster.Faults.DropWatchesAsync();
        await Cluster.Faults.CompactAsync();
        rounds = await agent.MetricAsync(Rounds);
        await Cluster.ApplyAsync($"{{apiVersion: v1, kind: Node, metadata: {{name: {agent.Name}, labels: {{some: label}}}}}}");
        await Eventually.HoldsAsync(async () => await agent.MetricAsync(Rounds) > rounds);
        Assert.Equal(before, Writes(agent).Count);
    }

    [Fact]
    public async Task In_a_storm_of_bumps_the_status_is_written_once_a_second_at_most_and_ends_with_the_last()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "storm");
        await NothingIsLeftToWriteAsync(agent, 0);
        var before = Writes(agent).Count(entry => entry.Resource == "systemgenerations");

        var started = TimeProvider.System.GetTimestamp();
        uint last = 0;
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(4)) last = await agent.ForceAsync();
        await agent.ReportsAsync(last);

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var written = Writes(agent).Count(entry => entry.Resource == "systemgenerations") - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{last} bumps, {written} writes of the status in {seconds:0.0} s");
        Assert.InRange(last, 50u, uint.MaxValue);
        Assert.InRange(written, 2, seconds + 1);
    }

    /// <summary>What befalls requests; in each case the next change still arrives.</summary>
    public static TheoryData<string, int, int?> Refusals => new()
    {
        { "conflicts", 409, null },
        { "an ill server", 503, null },
        { "a busy server", 429, 1 },
        { "a broken server", 500, null },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_status_that_is_refused_is_written_later(string what, int status, int? retryAfter)
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, $"refused-{status}");
        await agent.ReportsAsync(0);
        await Cluster.Faults.AddAsync(new FaultRule
        {
            Verb = "patch",
            Resource = "systemgenerations",
            Name = agent.Name,
            Subresource = "status",
            Status = status,
            RetryAfter = retryAfter,
            Message = what,
            Count = 3,
        });

        Assert.Equal(9u, await agent.ForceAsync(9));

        await agent.ReportsAsync(9);
        Assert.True(await agent.MetricAsync($"sysgenid_reconciles_total{{loop=\"report\",result=\"{(status == 409 ? "conflict" : "failed")}\"}}") >= 3);
        Assert.Contains(Writes(agent), entry => entry.Code == status);
    }

    [Fact]
    public async Task Watches_that_end_break_off_or_are_too_old_are_begun_again()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "watches");
        await agent.ReportsAsync(0);
        var minimum = 100;
        foreach (var fault in new[] { Cluster.Faults.DropWatchesAsync, Cluster.Faults.DropConnectionsAsync, Cluster.Faults.CompactAsync, TooOldAsync })
        {
            await fault();
            minimum++;
            await agent.PatchAsync($"{{\"spec\":{{\"minimumGeneration\":{minimum}}}}}");
            await agent.ReportsAsync((uint)minimum, TimeSpan.FromSeconds(40));
        }
    }

    [Fact]
    public async Task A_slow_server_holds_nobody_up_on_the_node()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "slow");
        await agent.ReportsAsync(0);
        await Cluster.Faults.AddAsync(new FaultRule { Resource = "systemgenerations", Name = agent.Name, Verb = "patch", Delay = "15s", Count = -1 });

        await agent.ForceAsync();
        var started = TimeProvider.System.GetTimestamp();
        for (var bump = 0; bump < 100; bump++) await agent.ForceAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(14));

        await Cluster.Faults.ClearAsync();
        await agent.ReportsAsync(101, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task An_API_server_that_is_away_at_the_start_and_again_later_is_caught_up_with()
    {
        var server = new Uri(Cluster.Admin.BaseUri.ToString());
        await using var relay = new TcpRelay(new IPEndPoint(IPAddress.Loopback, server.Port));
        var name = "away";
        await Cluster.NodeAsync(name);
        var kubeconfig = Path.Combine(Path.GetTempPath(), $"sysgenid-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(
            kubeconfig,
            (await File.ReadAllTextAsync(Cluster.Kubeconfig, TestContext.Current.CancellationToken)).Replace($":{server.Port}", $":{relay.Endpoint.Port}", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        try
        {
            await using var agent = await AgentOnCluster.StartWithAsync(Cluster, name, kubeconfig);
            await agent.ForceAsync(12);
            Assert.Null(await agent.ObjectAsync());
            relay.Open();
            await agent.ReportsAsync(12, TimeSpan.FromSeconds(40));

            await relay.CloseAsync();
            await agent.ForceAsync(20);
            await agent.ForceAsync(30);
            Assert.Equal(12, (await agent.ObjectAsync())!.Status!.Generation);
            relay.Open();
            await agent.ReportsAsync(30, TimeSpan.FromSeconds(60));

            // And with all state lost meanwhile: it begins anew, and goes above what it had reached once it hears of that.
            await relay.CloseAsync();
            await agent.LoseStateAsync();
            await agent.StartAgainAsync();
            Assert.Equal(3u, await agent.ForceAsync(3));
            relay.Open();
            await agent.ReportsAsync(31, TimeSpan.FromSeconds(60));
            Assert.Equal(31u, agent.Generation);
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }

    private async Task TooOldAsync()
    {
        await Cluster.Faults.AddAsync(new FaultRule { Verb = "watch", Resource = "systemgenerations", Status = 410, Count = 2 });
        await Cluster.Faults.DropWatchesAsync();
    }

    // The requests that wrote, or tried to: Events apart, which have a pace of their own.
    private List<AuditEntry> Writes(AgentOnCluster agent) =>
        [.. Cluster.Audit.Entries.Where(entry => entry.IsWrite && entry.Name == agent.Name && entry.Resource is "systemgenerations" or "nodes" && entry.Uri.Contains("sysgenid-agent", StringComparison.Ordinal))];

    // All that is known of the node is shown, and a round that came after it found nothing to write.
    private async Task NothingIsLeftToWriteAsync(AgentOnCluster agent, uint generation)
    {
        await agent.ObjectAsync(
            present => present.Status?.Generation == generation && present.Condition(ConditionTypes.GateProven)?.Reason == "CriuMissing", "the status is complete");
        var rounds = await agent.MetricAsync(Rounds);
        await Cluster.ApplyAsync($"{{apiVersion: v1, kind: Node, metadata: {{name: {agent.Name}, labels: {{any: label}}}}}}");
        await Eventually.HoldsAsync(async () => await agent.MetricAsync(Rounds) > rounds, what: "a round found nothing to write");
    }
}
