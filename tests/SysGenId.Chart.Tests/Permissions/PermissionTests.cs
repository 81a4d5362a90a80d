using SysGenId.Chart.Tests.Cluster;
using SysGenId.Chart.Tests.Rendering;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;

namespace SysGenId.Chart.Tests.Permissions;

/// <summary>
/// The real programs, with the command lines and the permissions of the chart, through all they do with the API server: what
/// they use of their permissions is what they have, no more and no less.
/// </summary>
public sealed class PermissionTests
{
    private const string Node = "alpha";
    private const string Generation = "systemgeneration";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(45);

    private static readonly string _waitAtMost = $"--timeout={_patience.TotalSeconds:0}s";

    [Fact]
    public async Task An_agent_uses_exactly_what_it_is_granted()
    {
        await using var scene = await Scene.CreateAsync();
        await using var agent = await scene.StartAgentAsync();
        await scene.ConditionAsync("GateProven", "Proven");

        // The same again: the hook goes and comes back, and the Event of its proof is counted.
        await scene.AnnotateAsync("sysgenid.io/uninstall=requested");
        await scene.ConditionAsync("GateProven", "HookRemoved");
        await scene.AnnotateAsync("sysgenid.io/uninstall-");
        await scene.ConditionAsync("GateProven", "Proven");

        await scene.UsesExactlyWhatItMayAsync(Scene.Agent(Node));
        Assert.False(agent.HasExited, agent.Evidence);
    }

    [Fact]
    public async Task An_agent_that_is_replaced_leaves_the_hook_where_it_is()
    {
        await using var scene = await Scene.CreateAsync();
        await using var agent = await scene.StartAgentAsync();
        await scene.ConditionAsync("GateProven", "Proven");
        var line = scene.Machine.ReadCriuConfig("default.conf");

        Assert.Equal(0, await agent.StopAsync());

        Assert.Contains("action-script", line, StringComparison.Ordinal);
        Assert.Equal(line, scene.Machine.ReadCriuConfig("default.conf"));
    }

    [Fact]
    public async Task Two_controllers_use_exactly_what_they_are_granted()
    {
        await using var scene = await Scene.CreateAsync();
        await scene.Cluster.ApplyAsync("{apiVersion: sysgenid.io/v1alpha1, kind: SystemGeneration, metadata: {name: gone}}");
        await scene.Cluster.ApplyAsync($"{{apiVersion: sysgenid.io/v1alpha1, kind: SystemGeneration, metadata: {{name: {Node}}}}}");
        await using var first = await scene.StartControllerAsync();
        await using var second = await scene.StartControllerAsync();

        await scene.WaitAsync("--for=delete", $"{Generation}/gone");
        await scene.ConditionAsync("AgentReady", "PodMissing");
        await scene.UsesExactlyWhatItMayAsync(Scene.Controller);
    }

    [Fact]
    public async Task An_uninstall_uses_exactly_what_it_is_granted_and_takes_the_hook_off()
    {
        await using var scene = await Scene.CreateAsync();
        await using var agent = await scene.StartAgentAsync();
        await scene.ConditionAsync("GateProven", "Proven");
        Assert.Contains("action-script", scene.Machine.ReadCriuConfig("default.conf"), StringComparison.Ordinal);

        var uninstall = (await scene.UninstallAsync()).OrThrow();

        Assert.Contains($"{Node}: the hook is off", uninstall.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("action-script", scene.Machine.ReadCriuConfig("default.conf"), StringComparison.Ordinal);
        await scene.UsesExactlyWhatItMayAsync(Scene.Uninstall);
        Assert.False(agent.HasExited, agent.Evidence);
    }

    [Fact]
    public async Task The_next_installation_puts_the_hook_back()
    {
        await using var scene = await Scene.CreateAsync();
        await using (await scene.StartAgentAsync())
        {
            await scene.ConditionAsync("GateProven", "Proven");
            (await scene.UninstallAsync()).OrThrow();
        }

        // An agent of the same installation that comes once more keeps it off.
        await using (var again = await scene.StartAgentAsync())
        {
            await Eventually.HoldsAsync(() => (again.Output + again.Errors).Contains("The hook was taken off this node", StringComparison.Ordinal), _patience);
            Assert.DoesNotContain("action-script", scene.Machine.ReadCriuConfig("default.conf"), StringComparison.Ordinal);
        }

        await scene.InstallAgainAsync();
        await using var agent = await scene.StartAgentAsync();
        await scene.ConditionAsync("GateProven", "Proven");
    }

    /// <summary>A cluster with the chart, a node with CRIU, and the programs as the chart starts them.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly IReadOnlyList<RenderedObject> _chart;
        private readonly List<ChildProcess> _processes = [];

        private Scene(ChartCluster cluster, CheckpointNamespace machine, IReadOnlyList<RenderedObject> chart) =>
            (Cluster, Machine, _chart) = (cluster, machine, chart);

        public static Identity Controller { get; } = new(ChartUnderTest.Namespace, "sysgenid-controller", "any");

        public static Identity Uninstall { get; } = new(ChartUnderTest.Namespace, "sysgenid-uninstall", "any");

        public ChartCluster Cluster { get; }

        public CheckpointNamespace Machine { get; }

        public static Identity Agent(string node) => new(ChartUnderTest.Namespace, "sysgenid-agent", node);

        public static async Task<Scene> CreateAsync()
        {
            Requires.PublishedPrograms();
            var chart = await ChartUnderTest.ObjectsAsync("default");
            var cluster = await ChartCluster.StartAsync();
            await cluster.ApplyAsync($"{{apiVersion: v1, kind: Node, metadata: {{name: {Node}}}}}");
            await cluster.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {ChartUnderTest.Namespace}}}}}");

            // Hooks included, which helm would make when it needs them.
            await cluster.ApplyAsync(await ChartUnderTest.RenderAsync("default"));
            (await cluster.KubectlAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=20s")).OrThrow();
            return new Scene(cluster, await CheckpointNamespace.CreateAsync(), chart);
        }

        public async Task<ChildProcess> StartAgentAsync()
        {
            await WriteTokenAsync();
            var own = Directory.CreateDirectory(Path.Join(Machine.Memory, "agent")).FullName;
            var arguments = ContainerArguments.Of(Find("DaemonSet", "sysgenid-agent"))
                .With("--node-name", Node)
                .With("--kubeconfig", (await Cluster.BecomeAsync(Agent(Node))).Kubeconfig)
                .With("--http-port", 0)
                .With("--criu-namespace", "own")
                .With("--socket", Path.Join(own, "node.sock"))
                .With("--state-dir", Path.Join(own, "state"))
                .With("--hook-dir", Path.Join(own, "hook"));
            return Keep(Machine.Start(ToolPaths.Operator, arguments.All));
        }

        public async Task<ChildProcess> StartControllerAsync()
        {
            var arguments = ContainerArguments.Of(Find("Deployment", "sysgenid-controller"))
                .With("--kubeconfig", (await Cluster.BecomeAsync(Controller)).Kubeconfig)
                .With("--http-port", 0)
                .With("--webhook-port", FreePort.Take())
                .With("--lease-duration", "5s")
                .With("--node-grace", "1s")
                .With("--certificate-lifetime", "10s")
                .With("--authority-lifetime", "30s");
            return Keep(ChildProcess.Start(ToolPaths.Operator, arguments.All));
        }

        public async Task<CommandResult> UninstallAsync()
        {
            var arguments = ContainerArguments.Of(Find("Job", "sysgenid-uninstall")).With("--kubeconfig", (await Cluster.BecomeAsync(Uninstall)).Kubeconfig);
            return await ChildProcess.RunAsync(ToolPaths.Operator, arguments.All);
        }

        /// <summary>What helm leaves is the definition and its objects; everything else is made anew.</summary>
        public async Task InstallAgainAsync()
        {
            (await Cluster.KubectlAsync("-n", ChartUnderTest.Namespace, "delete", "serviceaccount", "sysgenid-agent")).OrThrow();
            await Cluster.ApplyAsync(await ChartUnderTest.RenderAsync("default"));
        }

        public async Task AnnotateAsync(string annotation) => (await Cluster.KubectlAsync("annotate", Generation, Node, annotation)).OrThrow();

        /// <summary>Waits until a condition of the node's object has this reason.</summary>
        public Task ConditionAsync(string type, string reason) =>
            WaitAsync($"--for=jsonpath={{.status.conditions[?(@.type==\"{type}\")].reason}}={reason}", $"{Generation}/{Node}");

        public async Task WaitAsync(string condition, string item)
        {
            // kubectl waits for conditions of what is there.
            if (condition != "--for=delete") await ThereAsync();
            var waited = await Cluster.KubectlAsync("wait", condition, item, _waitAtMost);
            Assert.True(waited.ExitCode == 0, waited.Errors + Evidence);
        }

        public async Task UsesExactlyWhatItMayAsync(Identity identity)
        {
            var granted = GrantedPermissions.Of(identity.Account, _chart);
            UsedPermissions Used() => UsedPermissions.Read(Cluster.AuditLog, identity.User, granted);

            // The log is written a moment after the answer, and some things are done only now and then.
            await Eventually.HoldsAsync(() => Used().All.IsSupersetOf(granted), _patience, $"{identity.Account} uses all that it is granted; unused: {string.Join(", ", granted.Except(Used().All))}");
            Assert.Empty(Used().Refused);
            Assert.Equal(Texts(granted), Texts(Used().All));
        }

        public async ValueTask DisposeAsync()
        {
            await Machine.DisposeAsync();
            await Cluster.DisposeAsync();
        }

        private static IEnumerable<string> Texts(IEnumerable<Permission> permissions) => permissions.Select(permission => permission.ToString()).Order(StringComparer.Ordinal);

        // As the kubelet does. It tells the agent which installation it belongs to; to the server it goes through the proxy.
        private async Task WriteTokenAsync()
        {
            var file = Machine.Outside("/run/secrets/kubernetes.io/serviceaccount/token");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var token = (await Cluster.KubectlAsync("-n", ChartUnderTest.Namespace, "create", "token", "sysgenid-agent")).OrThrow().Output;
            await File.WriteAllTextAsync(file, token);
        }

        private string Evidence => string.Join('\n', _processes.Select(process => process.Evidence));

        private async Task ThereAsync()
        {
            var there = await Cluster.KubectlAsync("wait", "--for=create", $"{Generation}/{Node}", _waitAtMost);
            Assert.True(there.ExitCode == 0, there.Errors + Evidence);
        }

        private ChildProcess Keep(ChildProcess process)
        {
            _processes.Add(process);
            return process;
        }

        private RenderedObject Find(string kind, string name) => _chart.Single(item => item.Kind == kind && item.Name == name);
    }
}
