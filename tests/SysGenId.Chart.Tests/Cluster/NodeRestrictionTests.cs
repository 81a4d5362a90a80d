using SysGenId.Chart.Tests.Rendering;
using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Cluster;

/// <summary>What the agent of node alpha may write, word by word.</summary>
public sealed class NodeRestrictionTests(NodeRestrictionTests.Fixture fixture) : IClassFixture<NodeRestrictionTests.Fixture>
{
    private const string LabelOnly = "An agent may change the label sysgenid.io/gate of its node and nothing else of it.";

    private static Identity Alpha { get; } = new(ChartUnderTest.Namespace, "sysgenid-agent", "alpha");

    [Fact]
    public async Task It_writes_the_SystemGeneration_of_its_node()
    {
        var agent = await AgentAsync(Alpha);

        Allowed(await ApplyAsync(agent, Generation("alpha")));
        Allowed(await ApplyStatusAsync(agent, "alpha"));
    }

    [Fact]
    public async Task It_does_not_make_the_SystemGeneration_of_another_node()
    {
        var agent = await AgentAsync(Alpha);

        Refused(await ApplyAsync(agent, Generation("gamma")), "The agent of node alpha may write only what belongs to that node, not to gamma.");
    }

    [Fact]
    public async Task It_does_not_touch_the_SystemGeneration_of_another_node()
    {
        var agent = await AgentAsync(Alpha);

        Refused(await ApplyAsync(agent, Generation("beta") + "spec: {restoreScope: Pod}\n"), "The agent of node alpha may write only what belongs to that node, not to beta.");
        Refused(await ApplyStatusAsync(agent, "beta"), "The agent of node alpha may write only what belongs to that node, not to beta.");
    }

    [Fact]
    public async Task It_labels_its_node()
    {
        var agent = await AgentAsync(Alpha);

        Allowed(await PatchNodeAsync(agent, "alpha", """{"metadata":{"labels":{"sysgenid.io/gate":"proven"}}}"""));
        Allowed(await PatchNodeAsync(agent, "alpha", """{"metadata":{"labels":{"sysgenid.io/gate":null}}}"""));
    }

    [Fact]
    public async Task It_does_not_label_another_node()
    {
        var agent = await AgentAsync(Alpha);

        Refused(
            await PatchNodeAsync(agent, "beta", """{"metadata":{"labels":{"sysgenid.io/gate":"proven"}}}"""),
            "The agent of node alpha may write only what belongs to that node, not to beta.");
    }

    [Theory]
    [InlineData("""{"metadata":{"labels":{"node-role.kubernetes.io/control-plane":""}}}""")]
    [InlineData("""{"metadata":{"labels":{"zone":"b"}}}""")]
    [InlineData("""{"metadata":{"labels":{"zone":null}}}""")]
    [InlineData("""{"metadata":{"annotations":{"a":"b"}}}""")]
    [InlineData("""{"metadata":{"finalizers":["example.com/never"]}}""")]
    [InlineData("""{"spec":{"unschedulable":true}}""")]
    [InlineData("""{"spec":{"taints":[{"key":"a","effect":"NoExecute"}]}}""")]
    public async Task It_changes_nothing_else_of_its_node(string patch)
    {
        var agent = await AgentAsync(Alpha);

        Refused(await PatchNodeAsync(agent, "alpha", patch), LabelOnly);
    }

    [Theory]
    [InlineData("Node", "alpha", "alpha")]
    [InlineData("SystemGeneration", "alpha", "alpha")]
    [InlineData("Pod", "web", "alpha")]
    public async Task It_reports_what_happened_on_its_node(string kind, string name, string host)
    {
        var agent = await AgentAsync(Alpha);

        Allowed(await CreateAsync(agent, Event(kind, name, host)));
    }

    [Theory]
    [InlineData("Node", "beta", "alpha", "The agent of node alpha may report Events about that node, its SystemGeneration and pods only.")]
    [InlineData("SystemGeneration", "beta", "alpha", "The agent of node alpha may report Events about that node, its SystemGeneration and pods only.")]
    [InlineData("Secret", "web", "alpha", "The agent of node alpha may report Events about that node, its SystemGeneration and pods only.")]
    [InlineData("Pod", "web", "beta", "The agent of node alpha may report Events of that node only.")]
    public async Task It_reports_nothing_else(string kind, string name, string host, string refusal)
    {
        var agent = await AgentAsync(Alpha);

        Refused(await CreateAsync(agent, Event(kind, name, host)), refusal);
    }

    [Fact]
    public async Task A_token_that_names_no_node_writes_nothing()
    {
        var agent = await AgentAsync(Alpha with { Node = null });

        Refused(
            await PatchNodeAsync(agent, "alpha", """{"metadata":{"labels":{"sysgenid.io/gate":"proven"}}}"""),
            "The token of this agent names no node; an agent writes with the token of its own pod only.");
    }

    [Fact]
    public async Task Others_are_not_concerned()
    {
        var cluster = await fixture.ClusterAsync();

        (await cluster.KubectlAsync("label", "node", "beta", "zone=c", "--overwrite")).OrThrow();
    }

    private static void Allowed(CommandResult result) => Assert.True(result.ExitCode == 0, result.Errors);

    private static void Refused(CommandResult result, string sentence)
    {
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"ValidatingAdmissionPolicy 'sysgenid-agent' with binding 'sysgenid-agent' denied request: {sentence}", result.Errors, StringComparison.Ordinal);
    }

    private static string Generation(string node) => $"apiVersion: sysgenid.io/v1alpha1\nkind: SystemGeneration\nmetadata: {{name: {node}}}\n";

    private static string Event(string kind, string name, string host) => $$"""
        apiVersion: v1
        kind: Event
        metadata: {generateName: sysgenid-, namespace: default}
        involvedObject: {kind: {{kind}}, name: {{name}}, namespace: {{(kind == "Pod" || kind == "Secret" ? "default" : "\"\"")}}}
        reason: ContainerRestored
        type: Normal
        message: A test.
        source: {component: sysgenid-agent, host: {{host}}}
        """;

    private static Task<CommandResult> PatchNodeAsync(ImpersonatingProxy agent, string node, string patch) => agent.PatchAsync($"/api/v1/nodes/{node}", patch);

    private Task<CommandResult> ApplyStatusAsync(ImpersonatingProxy agent, string node) =>
        ApplyAsync(agent, Generation(node) + "status: {sidecars: 1}\n", "--subresource=status");

    private async Task<CommandResult> ApplyAsync(ImpersonatingProxy agent, string yaml, params string[] flags) =>
        await (await fixture.ClusterAsync()).ApplyAsync(agent.Kubeconfig, yaml, flags);

    private async Task<CommandResult> CreateAsync(ImpersonatingProxy agent, string yaml)
    {
        var file = (await fixture.ClusterAsync()).Files.File($"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, yaml);
        return await ChartCluster.KubectlAsAsync(agent.Kubeconfig, "create", "-f", file);
    }

    private async Task<ImpersonatingProxy> AgentAsync(Identity identity) => await (await fixture.ClusterAsync()).BecomeAsync(identity);

    /// <summary>The chart on a cluster of nodes alpha and beta, beta with its SystemGeneration.</summary>
    public sealed class Fixture : ChartClusterFixture
    {
        private protected override async Task<ChartCluster> PrepareAsync()
        {
            var cluster = await base.PrepareAsync();
            (await cluster.HelmAsync(Helm.Four, "install", ChartUnderTest.Release, ChartUnderTest.Directory, "--create-namespace")).OrThrow();
            await cluster.ApplyAsync("{apiVersion: v1, kind: Node, metadata: {name: alpha, labels: {zone: a}}}");
            await cluster.ApplyAsync("{apiVersion: v1, kind: Node, metadata: {name: beta}}");
            (await cluster.KubectlAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=20s")).OrThrow();
            await cluster.ApplyAsync(Generation("beta"));

            // The server takes up new policies a moment after they were written.
            var nobody = await cluster.BecomeAsync(Alpha with { Node = null });
            await Eventually.HoldsAsync(async () => (await PatchNodeAsync(nobody, "alpha", """{"metadata":{"labels":{"zone":"a"}}}"""))
                .Errors.Contains("ValidatingAdmissionPolicy 'sysgenid-agent'", StringComparison.Ordinal));
            return cluster;
        }
    }
}
