using k8s;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Node;

/// <summary><c>sysgenid-operator uninstall</c>, on nodes that answer, do not answer, and cannot answer.</summary>
public sealed class UninstallTests : IAsyncLifetime
{
    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    // One each: the command asks every node of its cluster.
    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Every_node_that_cannot_answer_is_named_and_not_waited_for()
    {
        await using var agent = await AgentOnCluster.StartAsync(Cluster, "serving");
        await agent.ReportsAsync(0);
        await Cluster.ApplyAsync("{apiVersion: sysgenid.io/v1alpha1, kind: SystemGeneration, metadata: {name: gone}}");
        await NotReadyAsync("broken");

        var result = await UninstallAsync("30s");

        Assert.Equal(
            "serving: the hook is off\n"
            + "broken: skipped, the node is not ready; should it come back, run `sysgenid-operator node uninstall-hook` there\n"
            + "gone: skipped, there is no such node any more; should it come back, run `sysgenid-operator node uninstall-hook` there\n",
            result.Output);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal("HookRemoved", (await agent.ObjectAsync())!.Condition(ConditionTypes.GateProven)!.Reason);
        Assert.Equal((0, result.Output), await UninstallAsync("30s") is var again ? (again.ExitCode, again.Output) : default);
    }

    [Fact]
    public async Task A_node_whose_agent_does_not_answer_in_time_makes_it_fail_and_is_named()
    {
        await using (var agent = await AgentOnCluster.StartAsync(Cluster, "silent"))
        {
            await agent.ObjectAsync(present => present.Condition(ConditionTypes.GateProven)?.Reason == "CriuMissing", "the first proof is shown");
            await agent.Process.KillAsync();
        }

        var result = await UninstallAsync("2s");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("silent: its agent did not say that the hook is off (CriuMissing: ", result.Errors, StringComparison.Ordinal);
        Assert.EndsWith("look at `kubectl -n sysgenid-system get pods --field-selector spec.nodeName=silent`\n", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_nodes_there_is_nothing_to_do()
    {
        var result = await UninstallAsync("30s");
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Errors));
    }

    private async Task NotReadyAsync(string name)
    {
        var node = await Cluster.NodeAsync(name);
        node.Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = "Unknown" }] };
        await Cluster.Admin.CoreV1.ReplaceNodeStatusAsync(node, name, cancellationToken: TestContext.Current.CancellationToken);
        await Cluster.ApplyAsync($"{{apiVersion: {ResourceAddress.ApiVersion<SystemGeneration>()}, kind: {ApiNames.Kind}, metadata: {{name: {name}}}}}");
    }

    private Task<CommandResult> UninstallAsync(string timeout) =>
        ChildProcess.RunAsync(ToolPaths.Operator, "uninstall", "--kubeconfig", Cluster.Kubeconfig, "--timeout", timeout);
}
