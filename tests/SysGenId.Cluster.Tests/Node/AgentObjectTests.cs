using k8s;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>An agent and its object: who owns it, what it asks, what it shows.</summary>
public sealed class AgentObjectTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private TestCluster Cluster => fixture.Cluster;

    [Fact]
    public async Task An_agent_makes_the_object_of_its_node_and_its_node_owns_it()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "object-made");

        var present = await agent.ObjectAsync(
            present => present.Status?.Generation == 0 && present.Condition(ConditionTypes.GateProven)?.Reason == "CriuMissing", "the first proof is shown");

        var owner = Assert.Single(present.Metadata.OwnerReferences);
        var node = await Cluster.Admin.CoreV1.ReadNodeAsync(agent.Name, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("v1", "Node", agent.Name, node.Metadata.Uid), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid));
        Assert.Equal((1L, 0, 0, 0), (present.Status!.ObservedGeneration, present.Status.Watchers, present.Status.OutdatedWatchers, present.Status.Sidecars));
        Assert.Null(present.Status.LastChange);
        Assert.Equal("False", present.Condition(ConditionTypes.GateProven)!.Status);
        Assert.Equal(("False", "SourceInactive"), (present.Condition(ConditionTypes.SourcesReady)!.Status, present.Condition(ConditionTypes.SourcesReady)!.Reason));
        Assert.Equal(("True", "AllAcknowledged"), (present.Condition(ConditionTypes.WatchersUpToDate)!.Status, present.Condition(ConditionTypes.WatchersUpToDate)!.Reason));
        Assert.Equal(("True", "OneLineage"), (present.Condition(ConditionTypes.NodeUnique)!.Status, present.Condition(ConditionTypes.NodeUnique)!.Reason));
        Assert.Equal("criu", present.Status.Sources![0].Name);
        Assert.Null(present.Condition(ConditionTypes.AgentReady));
    }

    [Fact]
    public async Task An_object_that_is_deleted_is_made_again_and_the_generation_goes_on()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "object-deleted");
        await agent.ForceAsync(40);
        var first = await agent.ReportsAsync(40);

        await agent.DeleteObjectAsync();

        var second = await agent.ObjectAsync(present => present.Metadata.Uid != first.Metadata.Uid && present.Status is not null, "it is made again");
        Assert.Equal((40L, first.Status!.GenerationId), (second.Status!.Generation, second.Status.GenerationId));
    }

    [Fact]
    public async Task The_owner_is_renewed_when_the_node_is_replaced_under_its_name()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "node-replaced");
        await agent.ReportsAsync(0);

        await Cluster.Admin.CoreV1.DeleteNodeAsync(agent.Name, cancellationToken: TestContext.Current.CancellationToken);
        var successor = await Cluster.NodeAsync(agent.Name);

        var present = await agent.ObjectAsync(
            present => present.Metadata.OwnerReferences.Any(owner => owner.Uid == successor.Metadata.Uid), "the new node owns it");
        Assert.Single(present.Metadata.OwnerReferences);
    }

    [Fact]
    public async Task An_agent_of_a_node_that_the_API_server_does_not_know_serves_and_reports_once_it_does()
    {
        await using var agent = await AgentOnCluster.StartWithAsync(Cluster, "node-unknown", Cluster.Kubeconfig);
        await Eventually.HoldsAsync(() => agent.Log.Contains("The API server knows no node node-unknown", StringComparison.Ordinal));
        Assert.Equal(1u, await agent.ForceAsync());
        Assert.Null(await agent.ObjectAsync());

        await Cluster.NodeAsync(agent.Name);

        var present = await agent.ReportsAsync(1);
        Assert.Equal("Forced", present.Status!.LastChange!.Cause);
    }

    [Fact]
    public async Task S13_a_higher_minimumGeneration_raises_the_node_with_cause_MinimumRaised()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "minimum");
        await agent.ReportsAsync(0);

        await agent.PatchAsync("""{"spec":{"minimumGeneration":3000000000}}""");

        var present = await agent.ReportsAsync(3_000_000_000);
        Assert.Equal(3_000_000_000u, agent.Generation);
        Assert.Equal((2L, "MinimumRaised"), (present.Status!.ObservedGeneration, present.Status.LastChange!.Cause));
        var told = await agent.EventAsync("MinimumRaised", "Node", agent.Name);
        Assert.Equal("Normal", told.Type);
        Assert.Contains("spec.minimumGeneration is 3000000000", told.Message, StringComparison.Ordinal);

        // What is reached already moves nothing: not the same minimum after a restart, nor a change of something else.
        await agent.Process.StopAsync();
        await agent.StartAgainAsync();
        await agent.PatchAsync("""{"spec":{"publishTimeout":"3s"}}""");
        await agent.ObjectAsync(now => now.Status?.ObservedGeneration == 3, "the change is in force");
        Assert.Equal(3_000_000_000u, agent.Generation);
    }

    [Fact]
    public async Task Settings_of_the_object_are_in_force_at_once_and_those_left_out_are_as_the_agent_was_started()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "settings", "--publish-timeout", "7s");
        await agent.ReportsAsync(0);

        await agent.PatchAsync("""{"spec":{"restoreScope":"Pod","restoreFailurePolicy":"Ignore","publishTimeout":"250ms"}}""");
        await agent.ObjectAsync(present => present.Status?.ObservedGeneration == 2, "it is in force");
        Assert.Equal("Pod Ignore 250", await SettingsAsync(agent));
        Assert.Equal("""{"restoreFailurePolicy":"Ignore","publishTimeoutMs":250}""", (await PolicyAsync(agent)).TrimEnd());

        await agent.PatchAsync("""{"spec":{"restoreScope":null,"restoreFailurePolicy":null,"publishTimeout":null}}""");
        await agent.ObjectAsync(present => present.Status?.ObservedGeneration == 3, "it is in force");
        Assert.Equal("Node Fail 7000", await SettingsAsync(agent));
        Assert.Equal("""{"restoreFailurePolicy":"Fail","publishTimeoutMs":7000}""", (await PolicyAsync(agent)).TrimEnd());
    }

    [Fact]
    public async Task S02_an_agent_that_is_killed_goes_on_exactly_and_its_object_stays_as_it_is()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "killed");
        await agent.ForceAsync(7);
        var before = await agent.ReportsAsync(7);

        await agent.Process.KillAsync();
        await agent.StartAgainAsync();
        await agent.ForceAsync();

        var after = await agent.ReportsAsync(8);
        Assert.Equal("Forced", after.Status!.LastChange!.Cause);
        Assert.Equal(before.Metadata.Uid, after.Metadata.Uid);
    }

    [Fact]
    public async Task S02_an_agent_whose_node_lost_everything_starts_above_what_its_object_says()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "state-lost");
        await agent.ForceAsync(900);
        await agent.ReportsAsync(900);
        await agent.LoseStateAsync();

        await agent.StartAgainAsync();

        Assert.Equal(901u, agent.Generation);
        var present = await agent.ReportsAsync(901);
        Assert.Equal("AgentStateLost", present.Status!.LastChange!.Cause);
        Assert.Equal("Warning", (await agent.EventAsync("AgentStateLost", "Node", agent.Name)).Type);
    }

    [Fact]
    public async Task A_label_that_says_proven_on_a_node_whose_gate_is_not_is_taken_off_however_often_it_is_set()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "label");
        await agent.ReportsAsync(0);

        for (var round = 0; round < 2; round++)
        {
            var label = new V1Patch(new { metadata = new { labels = new Dictionary<string, string> { [ApiNames.GateLabel] = "proven" } } }, V1Patch.PatchType.MergePatch);
            await Cluster.Admin.CoreV1.PatchNodeAsync(label, agent.Name, cancellationToken: TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(async () =>
                (await Cluster.Admin.CoreV1.ReadNodeAsync(agent.Name, cancellationToken: TestContext.Current.CancellationToken)).Metadata.Labels?.ContainsKey(ApiNames.GateLabel) != true);
        }
    }

    private static async Task<string> SettingsAsync(AgentOnCluster agent)
    {
        var status = await agent.AskAsync(new { op = "status" });
        return $"{status.GetProperty("restoreScope")} {status.GetProperty("restoreFailurePolicy")} {status.GetProperty("publishTimeoutMs")}";
    }

    private static Task<string> PolicyAsync(AgentOnCluster agent) =>
        File.ReadAllTextAsync(Path.Combine(agent.RunDirectory, "node.policy"), TestContext.Current.CancellationToken);
}
