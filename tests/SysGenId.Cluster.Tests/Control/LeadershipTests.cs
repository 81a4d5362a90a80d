using System.Text.RegularExpressions;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Control;

/// <summary>Two replicas against one API server: one writes, and another goes on where it ended.</summary>
public sealed partial class LeadershipTests(ControlledCluster cluster) : IClassFixture<ControlledCluster>, IAsyncLifetime
{
    private static readonly string[] _shortLease = ["--lease-duration", "5s", "--node-grace", "2s"];

    // For who must not lose it though the machine is busy.
    private static readonly string[] _lease = ["--lease-duration", "10s", "--node-grace", "2s"];

    public async ValueTask InitializeAsync()
    {
        await cluster.CleanAsync();
        await cluster.DaemonSetAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task When_the_leader_is_killed_another_goes_on_and_nothing_is_done_twice()
    {
        // A leader lists these before its first round: its watches of nodes, pods and objects do not wait for each other.
        foreach (var name in new[] { "killed-1", "killed-2" })
        {
            await cluster.AgentPodAsync(name, isReady: true);
            await cluster.Cluster.NodeAsync(name);
        }

        var before = cluster.Writes().Count;
        await using var first = cluster.Start(ControlledCluster.First, _lease);
        await first.LeadingAsync();
        await using var second = cluster.Start(ControlledCluster.Second, _lease);
        await second.ReadyAsync();
        await cluster.NodeWithObjectAsync("killed-1");
        await cluster.ReadinessBecomesAsync("killed-1", "True/PodReady");
        Assert.False(await second.IsLeadingAsync());

        await first.KillAsync();
        await cluster.NodeWithObjectAsync("killed-2");
        await cluster.DeleteNodeAsync("killed-1");
        await second.LeadingAsync();
        await cluster.ReadinessBecomesAsync("killed-2", "True/PodReady");
        await Eventually.HoldsAsync(async () => await cluster.FindAsync("killed-1") is null);

        // The log is written a moment after the server has done it.
        List<AuditEntry> Writes() => [.. cluster.Writes().Skip(before).Where(write => write.Resource == "systemgenerations")];
        await Eventually.HoldsAsync(() => Writes().Count >= 4);
        Assert.Equal(
            [
                (ControlledCluster.First, "patch", "killed-1", 200),
                (ControlledCluster.Second, "delete", "killed-1", 200),
                (ControlledCluster.Second, "patch", "killed-1", 200),
                (ControlledCluster.Second, "patch", "killed-2", 200),
            ],
            Writes().Select(write => (write.User, write.Verb, write.Name, write.Code)).Order());
    }

    [Fact]
    public async Task A_leader_that_is_told_to_stop_gives_the_lease_up_at_once()
    {
        // Others would wait for minutes, were it not released.
        await using var first = cluster.Start(ControlledCluster.First, "--lease-duration", "300s");
        await first.LeadingAsync();
        await using var second = cluster.Start(ControlledCluster.Second, "--lease-duration", "15s");
        await second.ReadyAsync();
        Assert.Equal(0, await first.StopAsync());
        await second.LeadingAsync();
        Assert.Contains("[405] Lease sysgenid-system/sysgenid-controller released", first.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leader_that_was_stopped_for_a_while_writes_nothing_more_when_it_goes_on()
    {
        await using var first = cluster.Start(ControlledCluster.First, _lease);
        await first.LeadingAsync();
        await cluster.NodeWithAgentAsync("stopped-1");
        await cluster.ReadinessBecomesAsync("stopped-1", "True/PodReady");
        await using var second = cluster.Start(ControlledCluster.Second, _lease);
        await second.ReadyAsync();

        first.Send(Signal.Stop);
        await cluster.AgentPodAsync("stopped-1", isReady: false);
        await second.LeadingAsync();
        await cluster.ReadinessBecomesAsync("stopped-1", "False/PodNotReady");
        var before = cluster.Writes().Count;

        // What it finds when it wakes up are many reasons to write.
        await cluster.AgentPodAsync("stopped-1", isReady: true);
        first.Send(Signal.Continue);
        await Eventually.HoldsAsync(() => first.Log.Contains("[401] No longer leading", StringComparison.Ordinal));
        await cluster.ReadinessBecomesAsync("stopped-1", "True/PodReady");
        Assert.All(cluster.Writes().Skip(before), write => Assert.Equal(ControlledCluster.Second, write.User));
        Assert.True(await second.IsLeadingAsync());
        Assert.False(await first.IsLeadingAsync());
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_its_work_and_leads_again_later()
    {
        await using var first = cluster.Start(ControlledCluster.First, _shortLease);
        await first.LeadingAsync();
        await first.ReadyAsync();
        await cluster.Cluster.Faults.AddAsync(new FaultRule { Resource = "leases", Status = 503, Count = -1 });
        await Eventually.HoldsAsync(() => first.Log.Contains("[401] No longer leading: the lease was not renewed in time", StringComparison.Ordinal));
        Assert.False(await first.IsLeadingAsync());
        Assert.True(await first.IsWellAsync());
        await cluster.Cluster.Faults.ClearAsync();
        await first.LeadingAsync();
    }

    [Fact]
    public async Task A_lease_that_may_not_be_read_is_told_of_once()
    {
        await cluster.Cluster.Faults.AddAsync(new FaultRule { Verb = "get", Resource = "leases", Status = 403, Message = "not for you", Count = -1 });
        await using var first = cluster.Start(ControlledCluster.First, _shortLease);
        int Refused() => cluster.Requests().Count(request => request is { Resource: "leases", Verb: "get", Code: 403 });
        await Eventually.HoldsAsync(() => Refused() >= 3 && first.Log.Contains("[403]", StringComparison.Ordinal));
        Assert.Single(first.Log.Split('\n'), line => line.Contains("[403] Lease sysgenid-system/sysgenid-controller: not for you", StringComparison.Ordinal));
        await cluster.Cluster.Faults.ClearAsync();
        await first.LeadingAsync();
    }

    [Fact]
    public async Task A_lease_that_somebody_has_emptied_is_taken()
    {
        await cluster.Cluster.ApplyAsync($"{{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {{name: sysgenid-controller, namespace: {ControlledCluster.Namespace}}}}}");
        await using var first = cluster.Start(ControlledCluster.First, _shortLease);
        await first.LeadingAsync();
    }

    [Fact]
    public async Task At_rest_nothing_is_written()
    {
        var before = cluster.Requests().Count;
        await using var first = cluster.Start(ControlledCluster.First, _shortLease);
        await using var second = cluster.Start(ControlledCluster.Second, _shortLease);
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        foreach (var name in new[] { "rest-1", "rest-2", "rest-3" })
        {
            await cluster.NodeWithAgentAsync(name);
            await cluster.ReadinessBecomesAsync(name, "True/PodReady");
        }

        // Renewals of the Lease are the clock: 32 of them are some twenty seconds.
        int Renewals() => cluster.Requests().Count(request => request is { Resource: "leases", Verb: "update", Code: 200 });
        var settled = Renewals();
        await Eventually.HoldsAsync(() => Renewals() >= settled + 3);
        var (writes, renewals) = (cluster.Writes().Count, Renewals());
        await Eventually.HoldsAsync(() => Renewals() >= renewals + 32, TimeSpan.FromMinutes(2));
        Assert.Equal(writes, cluster.Writes().Count);
        Assert.DoesNotContain(cluster.Requests().Skip(before), request => request.Code == 403);
    }

    [Fact]
    public async Task Without_an_API_server_a_replica_lives_and_is_not_ready()
    {
        using var files = new TemporaryDirectory();
        var kubeconfig = files.File("kubeconfig");
        var there = await File.ReadAllTextAsync(cluster.Cluster.Kubeconfig, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(kubeconfig, Addresses().Replace(there, "127.0.0.1:1"), TestContext.Current.CancellationToken);
        await using var replica = ControllerProcess.Start(kubeconfig, ControlledCluster.First);
        await Eventually.HoldsAsync(() => replica.IsWellAsync("healthz"));
        await Eventually.HoldsAsync(() => replica.Log.Contains("[403]", StringComparison.Ordinal));
        Assert.False(await replica.IsWellAsync());
        Assert.Equal(0, await replica.StopAsync());
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Addresses();
}
