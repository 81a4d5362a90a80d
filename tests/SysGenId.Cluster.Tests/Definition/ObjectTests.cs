using System.Text.Json.Nodes;
using k8s.Autorest;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.Cluster.Tests.Definition;

/// <summary>SystemGenerations in the API server: subresource, defaults, columns, two managers of one list of conditions.</summary>
public sealed class ObjectTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task What_is_written_to_the_object_leaves_its_status_alone_and_the_other_way_round()
    {
        await ApplyAsync("separate", "people", new() { MinimumGeneration = 3 });
        await StatusAsync("separate", ApiNames.AgentManager, new() { Generation = 7, ObservedGeneration = 1 });
        var patch = new V1Patch("""{"spec":{"restoreScope":"Pod"},"status":{"generation":99}}""", V1Patch.PatchType.MergePatch);

        await Cluster.SendAsync<JsonObject>(HttpMethod.Patch, PathOf("separate"), patch, Cancellation);
        await Cluster.SendAsync<JsonObject>(HttpMethod.Patch, PathOf("separate") + "/status", new V1Patch("""{"spec":{"restoreScope":"Node"}}""", V1Patch.PatchType.MergePatch), Cancellation);

        var now = await ReadAsync("separate");
        Assert.Equal(("Pod", 7L, 3L), (now.Spec.RestoreScope, now.Status!.Generation, now.Spec.MinimumGeneration));
        Assert.Equal(2, now.Metadata.Generation);
    }

    [Fact]
    public async Task An_object_without_a_spec_gets_an_empty_one()
    {
        await fixture.Cluster.ApplyAsync("{apiVersion: sysgenid.io/v1alpha1, kind: SystemGeneration, metadata: {name: bare}}");

        var now = await Cluster.SendAsync<JsonObject>(HttpMethod.Get, PathOf("bare"), null, Cancellation);

        Assert.Equal("{}", now["spec"]!.ToJsonString());
        Assert.Null(now["status"]);
    }

    [Fact]
    public async Task The_whole_object_comes_back_as_it_was_written()
    {
        var spec = new SystemGenerationSpec { MinimumGeneration = uint.MaxValue, RestoreScope = "Pod", RestoreFailurePolicy = "Ignore", PublishTimeout = "60s" };
        var status = new SystemGenerationStatus
        {
            ObservedGeneration = 1,
            Generation = uint.MaxValue,
            GenerationId = "0193e4f0-8b2f-7c3a-9d4e-112233445566",
            LastChange = new() { Cause = "ContainerRestored", Time = Noon, Namespace = "shop", Pod = "cart-0", Container = "0123abcd" },
            Watchers = 12,
            OutdatedWatchers = 3,
            OutdatedPods = ["shop/cart-0"],
            Sidecars = 4,
            Sources = [new() { Name = "criu", Active = true, Message = "The gate is proven." }],
            Conditions = [Condition(ConditionTypes.WatchersUpToDate, "False", "WatchersOutdated")],
        };

        await ApplyAsync("whole", "people", spec);
        await StatusAsync("whole", ApiNames.AgentManager, status);

        var now = await ReadAsync("whole");
        Assert.Equivalent(spec, now.Spec, strict: true);
        Assert.Equivalent(status, now.Status, strict: true);
    }

    [Fact]
    public async Task Two_managers_write_conditions_into_one_list_and_neither_touches_the_other_s()
    {
        await ApplyAsync("shared", "people", new());

        await StatusAsync("shared", ApiNames.AgentManager, new() { Generation = 1, Conditions = [Condition(ConditionTypes.GateProven, "True", "Proven")] });
        await StatusAsync("shared", ApiNames.ControllerManager, new() { Conditions = [Condition(ConditionTypes.AgentReady, "True", "PodReady")] });
        await StatusAsync("shared", ApiNames.AgentManager, new() { Generation = 2, Conditions = [Condition(ConditionTypes.GateProven, "False", "HookMissing")] });

        var now = await ReadAsync("shared");
        Assert.Equal(2, now.Status!.Generation);
        Assert.Equal(
            ["AgentReady=True PodReady", "GateProven=False HookMissing"],
            now.Status.Conditions!.Select(condition => $"{condition.Type}={condition.Status} {condition.Reason}").Order());
    }

    [Fact]
    public async Task A_condition_that_its_manager_leaves_out_is_gone_and_the_other_s_stays()
    {
        await ApplyAsync("given-up", "people", new());
        await StatusAsync("given-up", ApiNames.AgentManager, new() { Conditions = [Condition(ConditionTypes.GateProven, "True", "Proven")] });
        await StatusAsync("given-up", ApiNames.ControllerManager, new() { Conditions = [Condition(ConditionTypes.AgentReady, "True", "PodReady")] });

        await StatusAsync("given-up", ApiNames.ControllerManager, new() { Conditions = [] });

        Assert.Equal("GateProven", Assert.Single((await ReadAsync("given-up")).Status!.Conditions!).Type);
    }

    [Fact]
    public async Task A_manager_that_does_not_insist_is_told_whose_field_it_is()
    {
        await ApplyAsync("contested", "people", new());
        await StatusAsync("contested", ApiNames.AgentManager, new() { Generation = 5 });

        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => Cluster.ApplyStatusAsync(
            Named("contested", new SystemGenerationStatus { Generation = 6 }), "somebody", Cancellation, force: false));

        var fault = ApiFault.Of(refusal, Cancellation)!;
        Assert.True(fault.IsConflict);
        Assert.StartsWith("Apply failed with 1 conflict: conflict with \"sysgenid-agent\" with subresource \"status\"", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(": .status.generation", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_of_an_object_that_is_not_there_is_not_made()
    {
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => StatusAsync("nowhere", ApiNames.AgentManager, new() { Generation = 1 }));

        Assert.True(ApiFault.Of(refusal, Cancellation)!.IsNotFound);
    }

    [Theory]
    [InlineData("", "NAME GENERATION CAUSE WATCHERS OUTDATED UP-TO-DATE AGE", "columns 902 ContainerRestored 12 3 False <age>")]
    [InlineData("wide", "NAME GENERATION CAUSE WATCHERS OUTDATED UP-TO-DATE AGENT GATE AGE", "columns 902 ContainerRestored 12 3 False True True <age>")]
    public async Task Kubectl_get_shows_the_columns(string output, string header, string row)
    {
        await ApplyAsync("columns", "people", new());
        await StatusAsync("columns", ApiNames.AgentManager, new()
        {
            Generation = 902,
            LastChange = new() { Cause = "ContainerRestored", Time = Noon },
            Watchers = 12,
            OutdatedWatchers = 3,
            Conditions = [Condition(ConditionTypes.WatchersUpToDate, "False", "WatchersOutdated"), Condition(ConditionTypes.GateProven, "True", "Proven")],
        });
        await StatusAsync("columns", ApiNames.ControllerManager, new() { Conditions = [Condition(ConditionTypes.AgentReady, "True", "PodReady")] });

        var table = await PrintedTable.ReadAsync(fixture.Cluster, PathOf("columns"), isWide: output == "wide");

        Assert.Equal(header, table.Header);
        Assert.Equal(row, Assert.Single(table.Rows));
    }

    [Fact]
    public async Task Short_name_and_category_are_announced()
    {
        var resources = await Cluster.SendAsync<V1APIResourceList>(HttpMethod.Get, $"apis/{ApiNames.Group}/{ApiNames.Version}", null, Cancellation);

        var resource = resources.Resources.Single(resource => resource.Name == ApiNames.Plural);

        Assert.Equal(["sysgen"], resource.ShortNames);
        Assert.Equal(["sysgenid"], resource.Categories);
        Assert.False(resource.Namespaced);
        Assert.Contains(resources.Resources, sub => sub.Name == $"{ApiNames.Plural}/status");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ClusterConnection Cluster => fixture.Cluster.Admin;

    private static string PathOf(string name) => ResourceAddress.Object<SystemGeneration>(null, name);

    private static V1Condition Condition(string type, string status, string reason) =>
        new() { Type = type, Status = status, Reason = reason, Message = "", LastTransitionTime = Noon };

    private static SystemGeneration Named(string name, SystemGenerationStatus status) => new() { Metadata = new() { Name = name }, Status = status };

    private Task<SystemGeneration> ApplyAsync(string name, string manager, SystemGenerationSpec spec) =>
        Cluster.ApplyAsync(new SystemGeneration { Metadata = new() { Name = name }, Spec = spec }, manager, Cancellation);

    private Task<SystemGeneration> StatusAsync(string name, string manager, SystemGenerationStatus status) =>
        Cluster.ApplyStatusAsync(Named(name, status), manager, Cancellation);

    private Task<SystemGeneration> ReadAsync(string name) => Cluster.SendAsync<SystemGeneration>(HttpMethod.Get, PathOf(name), null, Cancellation);
}
