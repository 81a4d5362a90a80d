using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Checkpoint.Tests;

/// <summary>A test with nodes, pods and containers; when it fails it shows what all programs and CRIU had to say.</summary>
public abstract class CheckpointTest : IAsyncLifetime
{
    private readonly StandingNodes _standing;
    private readonly List<PodOnNode> _pods = [];
    private readonly HashSet<CheckpointNamespace> _own = [];
    private readonly HashSet<CheckpointNamespace> _used = [];

    protected CheckpointTest(StandingNodes standing) => _standing = standing;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var used in _used)
                TestContext.Current.TestOutputHelper?.WriteLine(used.Evidence);
        }

        foreach (var pod in _pods)
            await pod.DisposeAsync();
        foreach (var own in _own)
            await own.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A running node with default settings, shared with other tests.</summary>
    private protected async Task<NodeUnderTest> StandingNodeAsync(CgroupLayout layout = CgroupLayout.Machine) =>
        Used(await _standing.GetAsync(layout));

    /// <summary>A node that this test may configure, stop and spoil.</summary>
    private protected async Task<NodeUnderTest> OwnNodeAsync(params string[] arguments) =>
        await OwnNodeAsync(new NodeOptions { Arguments = arguments });

    /// <inheritdoc cref="OwnNodeAsync(string[])"/>
    private protected async Task<NodeUnderTest> OwnNodeAsync(NodeOptions options, CgroupLayout layout = CgroupLayout.Machine)
    {
        var created = await CheckpointNamespace.CreateAsync(layout);
        _own.Add(created);
        _used.Add(created);
        var node = await NodeUnderTest.StartAsync(created, options);

        // The agent's own CRIU would outlive an agent that the test kills, and count as a restore.
        await Eventually.HoldsAsync(
            async () => (await node.StatusAsync()).GetProperty("gate").GetProperty("message").GetString() != "not proven yet", what: "the agent has tried its gate");
        return node;
    }

    /// <summary>A pod of a standing node, with its sidecar.</summary>
    private protected async Task<PodOnNode> PodAsync(Setup setup, params IReadOnlyList<string> sidecarArguments) =>
        await PodAsync(await StandingNodeAsync(setup.Layout), setup.Runtime, sidecarArguments);

    /// <summary>A pod of a node, with its sidecar.</summary>
    private protected async Task<PodOnNode> PodAsync(
        NodeUnderTest node, ContainerRuntime runtime = ContainerRuntime.Runc, params IReadOnlyList<string> sidecarArguments)
    {
        var pod = node.Namespace.CreatePod();
        var created = new PodOnNode(node, runtime, pod, await SidecarUnderTest.StartAsync(node, pod, sidecarArguments));
        _pods.Add(created);
        return created;
    }

    private NodeUnderTest Used(NodeUnderTest node)
    {
        _used.Add(node.Namespace);
        return node;
    }
}
