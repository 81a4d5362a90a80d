using k8s;
using k8s.Models;
using SysGenId.Core.Generations;
using SysGenId.Operator.Api;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Reporting;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Tests.Node.Reporting;

public sealed class StatusComposerTests
{
    private static readonly DateTimeOffset _now = new(2026, 5, 4, 3, 2, 1, 987, TimeSpan.Zero);

    private static readonly GateStatus _proven = new(GateReason.Proven, "CRIU 4.1.1 …");

    private static readonly GenerationChange _restore = new()
    {
        Generation = 17,
        Id = Guid.Parse("0a0b0c0d-0102-0304-0506-0708090a0b0c"),
        Cause = GenerationCause.ContainerRestored,
        TimeNs = 1_700_000_000_123_456_789,
        Pod = "uid-1",
        Container = "c1",
    };

    private static readonly NodeSnapshot _node = new() { Current = _restore, Gate = _proven, IsGateSettled = true };

    [Fact]
    public void A_restore_is_shown_with_its_name_its_pod_and_its_time_in_microseconds()
    {
        var status = Compose(_node, names: new FixedPodNames(("uid-1", "shop", "cart-0")));
        Assert.Equal((17L, "0a0b0c0d-0102-0304-0506-0708090a0b0c"), (status.Generation, status.GenerationId));
        var change = status.LastChange!;
        Assert.Equal(("ContainerRestored", "shop", "cart-0", "c1"), (change.Cause, change.Namespace, change.Pod, change.Container));
        Assert.Equal("2023-11-14T22:13:20.1234560Z", change.Time!.Value.ToString("O"));
    }

    [Fact]
    public void A_pod_whose_name_is_not_known_is_shown_by_its_UID()
    {
        var change = Compose(_node).LastChange!;
        Assert.Equal((null, "uid-1"), (change.Namespace, change.Pod));
    }

    [Fact]
    public void A_pod_that_has_gone_since_keeps_the_name_it_was_reported_with()
    {
        var before = Compose(_node, names: new FixedPodNames(("uid-1", "shop", "cart-0")));
        var change = Compose(_node, before).LastChange!;
        Assert.Equal(("shop", "cart-0"), (change.Namespace, change.Pod));
    }

    [Fact]
    public void A_node_that_never_moved_has_no_last_change() =>
        Assert.Null(Compose(_node with { Current = _restore with { Cause = GenerationCause.None } }).LastChange);

    [Fact]
    public void Conditions_have_the_reasons_that_are_documented()
    {
        var well = Compose(_node);
        Assert.Equal(
            ["GateProven=True Proven", "SourcesReady=True AllActive", "WatchersUpToDate=True AllAcknowledged", "NodeUnique=True OneLineage"], Said(well));
        var ill = Compose(_node with { Gate = new GateStatus(GateReason.CriuMissing, "no criu"), Outdated = 2, Watchers = 3 }, conflict: "two of them");
        Assert.Equal(
            ["GateProven=False CriuMissing", "SourcesReady=False SourceInactive", "WatchersUpToDate=False WatchersOutdated", "NodeUnique=False AnotherLineage"], Said(ill));
        Assert.Equal("two of them", Condition(ill, ConditionTypes.NodeUnique).Message);
        Assert.False(Assert.Single(ill.Sources!).Active);
    }

    [Fact]
    public void What_a_machine_does_not_have_is_not_missing_and_what_it_may_not_read_is()
    {
        var none = Compose(_node with { Sources = [new(SourceNames.VmClock, new(SourceReason.NotPresent, "no such device"))] });
        Assert.Equal("AllActive", Condition(none, ConditionTypes.SourcesReady).Reason);
        Assert.Equal(["criu True", "vmclock False"], none.Sources!.Select(source => $"{source.Name} {source.Active}"));

        var denied = Compose(_node with { Sources = [new(SourceNames.KernelLog, new(SourceReason.AccessDenied, "EPERM"))] });
        Assert.Equal("kernel-log: EPERM", Condition(denied, ConditionTypes.SourcesReady).Message);
        Assert.Equal("SourceInactive", Condition(denied, ConditionTypes.SourcesReady).Reason);
    }

    [Theory]
    [InlineData("CriuMissing", "CriuUnusable", "HookMissing", "HookRemoved", "NotProvenYet", "ProbeFailed", "Proven")]
    public void Reasons_of_the_gate_are_public_interface(params string[] names) =>
        Assert.Equal(names, Enum.GetNames<GateReason>().Order(StringComparer.Ordinal));

    [Fact]
    public void A_condition_that_stays_keeps_the_time_of_its_transition_and_one_that_changes_gets_the_present()
    {
        var before = Compose(_node, now: _now - TimeSpan.FromHours(1));
        var after = Compose(_node with { Outdated = 1 }, before, observed: 5);
        Assert.Equal(new DateTime(2026, 5, 4, 2, 2, 1, DateTimeKind.Utc), Condition(after, ConditionTypes.GateProven).LastTransitionTime);
        Assert.Equal(new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc), Condition(after, ConditionTypes.WatchersUpToDate).LastTransitionTime);
        Assert.All(after.Conditions!, condition => Assert.Equal(5, condition.ObservedGeneration));
    }

    [Fact]
    public void Outdated_pods_are_named_in_order_and_ten_at_most()
    {
        var pods = Enumerable.Range(0, 12).Select(index => new PodCounts($"u{index}", $"u{index}", 2, 1)).Append(new PodCounts("fine", "fine", 4, 0));
        var names = new FixedPodNames([.. Enumerable.Range(0, 11).Select(index => ($"u{index}", "shop", $"p-{index:00}"))]);
        var status = Compose(_node with { Pods = [.. pods], Outdated = 12, Watchers = 28 }, names: names);
        Assert.Equal(Enumerable.Range(0, 10).Select(index => $"shop/p-{index:00}"), status.OutdatedPods!);
        Assert.Equal((13, 28, 12), (status.Sidecars, status.Watchers, status.OutdatedWatchers));
        Assert.Null(Compose(_node).OutdatedPods);
    }

    [Fact]
    public void S27_an_agent_that_has_not_proven_its_gate_yet_says_what_its_predecessor_said()
    {
        var before = Compose(_node, now: _now - TimeSpan.FromHours(1));
        var starting = _node with { Gate = new GateStatus(GateReason.NotProvenYet, "not proven yet"), IsGateSettled = false };
        var after = Compose(starting, before);
        Assert.Equal(Said(before), Said(after));
        Assert.True(StatusComparison.IsWritten(after, before));
        Assert.Equal("GateProven=False NotProvenYet", Said(Compose(starting))[0]);
    }

    [Fact]
    public void The_same_node_is_recognised_as_written_after_a_way_through_the_API_server_and_beside_the_controller_s_condition()
    {
        var status = Compose(_node with { Pods = [new PodCounts("u", "u", 1, 1)], Outdated = 1 });
        var back = KubernetesJson.Deserialize<SystemGenerationStatus>(KubernetesJson.Serialize(status));
        back.Conditions = [new V1Condition { Type = ConditionTypes.AgentReady, Status = "True", Reason = "PodReady" }, .. back.Conditions!.Reverse()];
        Assert.True(StatusComparison.IsWritten(Compose(_node with { Pods = [new PodCounts("u", "u", 1, 1)], Outdated = 1 }, back), back));
        Assert.False(StatusComparison.IsWritten(Compose(_node, back), back));
        Assert.False(StatusComparison.IsWritten(status, null));
    }

    private static SystemGenerationStatus Compose(
        NodeSnapshot node, SystemGenerationStatus? before = null, IPodNames? names = null, DateTimeOffset? now = null, long observed = 1, string? conflict = null) =>
        StatusComposer.Compose(new StatusInputs(node with { Sources = [Criu(node.Gate), .. node.Sources] }, observed, before, names ?? UnknownPodNames.Instance, now ?? _now, conflict));

    private static SourceSnapshot Criu(GateStatus gate) =>
        new(SourceNames.Criu, new SourceState(gate.IsProven ? SourceReason.Active : SourceReason.GateNotProven, gate.Message));

    private static string[] Said(SystemGenerationStatus status) =>
        [.. status.Conditions!.Select(condition => $"{condition.Type}={condition.Status} {condition.Reason}")];

    private static V1Condition Condition(SystemGenerationStatus status, string type) => status.Conditions!.Single(condition => condition.Type == type);
}
