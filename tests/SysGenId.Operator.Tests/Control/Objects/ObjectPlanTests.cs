using k8s.Models;
using SysGenId.Operator.Api;
using SysGenId.Operator.Control.Objects;

namespace SysGenId.Operator.Tests.Control.Objects;

public sealed class ObjectPlanTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _grace = TimeSpan.FromMinutes(5);

    [Fact]
    public void An_object_without_the_condition_gets_it()
    {
        var plan = Plan([Item("a")], ["a"], Pod("a", isReady: true));
        var step = Assert.Single(plan.Steps);
        Assert.Equal("True", step.Readiness!.Status);
        Assert.Equal("PodReady", step.Readiness.Reason);
    }

    [Fact]
    public void An_object_that_says_what_is_so_is_left_alone()
    {
        var plan = Plan([Item("a", AgentReadiness.Of(true, [Pod("a", isReady: true)]))], ["a"], Pod("a", isReady: true));
        Assert.Empty(plan.Steps);
        Assert.Null(plan.LookAgain);
    }

    [Fact]
    public void A_node_without_an_agent_pod_says_so()
    {
        var plan = Plan([Item("a")], ["a"], Pod("b", isReady: true));
        Assert.Equal("PodMissing", Assert.Single(plan.Steps).Readiness!.Reason);
    }

    [Fact]
    public void Of_a_node_that_is_gone_nothing_can_be_said_and_its_object_stays_for_the_grace()
    {
        var plan = Plan([Item("a")], []);
        Assert.Equal(("Unknown", "NodeGone"), (plan.Steps[0].Readiness!.Status, plan.Steps[0].Readiness!.Reason));

        plan = Plan([Item("a", AgentReadiness.NodeGone, _now - _grace + TimeSpan.FromSeconds(1))], []);
        Assert.Empty(plan.Steps);
        Assert.Equal(_now.AddSeconds(1), plan.LookAgain);
    }

    [Fact]
    public void After_the_grace_the_object_of_a_node_that_is_gone_is_deleted()
    {
        var step = Assert.Single(Plan([Item("a", AgentReadiness.NodeGone, _now - _grace)], []).Steps);
        Assert.Null(step.Readiness);
    }

    [Fact]
    public void A_node_that_registers_again_ends_the_grace()
    {
        var step = Assert.Single(Plan([Item("a", AgentReadiness.NodeGone, _now - _grace)], ["a"], Pod("a", isReady: true)).Steps);
        Assert.Equal("PodReady", step.Readiness!.Reason);
    }

    [Fact]
    public void An_object_that_is_being_deleted_is_left_alone()
    {
        var item = Item("a");
        item.Metadata.DeletionTimestamp = _now.UtcDateTime;
        Assert.Empty(Plan([item], []).Steps);
    }

    [Fact]
    public void During_an_update_with_two_pods_the_ready_one_counts() =>
        Assert.Equal("True", AgentReadiness.Of(true, [Pod("a", isReady: false), Pod("a", isReady: true)]).Status);

    [Fact]
    public void Without_the_daemon_set_no_agent_is_ready() =>
        Assert.Equal(("False", "DaemonSetMissing"), (AgentReadiness.Of(false, []).Status, AgentReadiness.Of(false, []).Reason));

    [Fact]
    public void Why_a_pod_is_not_ready_is_told_in_words_that_do_not_change_while_the_state_does_not()
    {
        var pod = Pod("a", isReady: false);
        pod.Status.Phase = "Pending";
        Assert.Equal("Pod sysgenid-agent-a is not ready: phase Pending.", Message(pod));
        pod.Status.Phase = "Running";
        Assert.Equal("Pod sysgenid-agent-a is not ready: it runs, its readiness probe fails.", Message(pod));
        pod.Status.ContainerStatuses = [new V1ContainerStatus { RestartCount = 3, State = new() { Waiting = new() { Reason = "CrashLoopBackOff" } } }];
        Assert.Equal("Pod sysgenid-agent-a is not ready: CrashLoopBackOff.", Message(pod));
        pod.Metadata.DeletionTimestamp = _now.UtcDateTime;
        Assert.Equal("Pod sysgenid-agent-a is not ready: it is being deleted.", Message(pod));
    }

    [Fact]
    public void Pods_that_have_ended_or_have_no_node_do_not_count()
    {
        var (failed, unbound) = (Pod("a", isReady: true), Pod("", isReady: true));
        failed.Status.Phase = "Failed";
        Assert.Empty(AgentPods.Of([failed, unbound]).ByNode);
    }

    [Theory]
    [InlineData("{\"matchLabels\":{\"b\":\"2\",\"a\":\"1\"}}", "a=1,b=2")]
    [InlineData("{\"matchExpressions\":[{\"key\":\"k\",\"operator\":\"In\",\"values\":[\"x\",\"y\"]},{\"key\":\"n\",\"operator\":\"NotIn\",\"values\":[\"z\"]}]}", "k in (x,y),n notin (z)")]
    [InlineData("{\"matchExpressions\":[{\"key\":\"e\",\"operator\":\"Exists\"},{\"key\":\"d\",\"operator\":\"DoesNotExist\"}]}", "!d,e")]
    [InlineData("{}", "")]
    public void A_selector_is_written_as_queries_want_it(string json, string expected) =>
        Assert.Equal(expected, SysGenId.Operator.Control.Objects.LabelSelector.Of(k8s.KubernetesJson.Deserialize<V1LabelSelector>(json)));

    private static string Message(V1Pod pod) => AgentReadiness.Of(true, [pod]).Message;

    private static ObjectPlan Plan(IEnumerable<SystemGeneration> objects, string[] nodes, params V1Pod[] pods) =>
        ObjectPlan.Of(objects, nodes.Contains, AgentPods.Of(pods), _grace, _now);

    private static SystemGeneration Item(string name, AgentReadiness? says = null, DateTimeOffset? since = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Uid = name },
        Status = says is null ? null : new SystemGenerationStatus
        {
            Conditions =
            [
                new V1Condition
                {
                    Type = "AgentReady",
                    Status = says.Status,
                    Reason = says.Reason,
                    Message = says.Message,
                    LastTransitionTime = (since ?? _now).UtcDateTime,
                },
            ],
        },
    };

    private static V1Pod Pod(string node, bool isReady) => new()
    {
        Metadata = new V1ObjectMeta { Name = $"sysgenid-agent-{node}", CreationTimestamp = _now.UtcDateTime },
        Spec = new V1PodSpec { NodeName = node },
        Status = new V1PodStatus { Phase = "Running", Conditions = [new V1PodCondition { Type = "Ready", Status = isReady ? "True" : "False" }] },
    };
}
