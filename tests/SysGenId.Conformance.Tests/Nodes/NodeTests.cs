using System.Text.Json;
using SysGenId.Checkpoint.Tests;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Conformance.Tests.Scenarios;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Conformance.Tests.Nodes;

/// <summary>S01, S02, S13 and S25 to S28, where they are rules of a node.</summary>
public sealed class NodeTests : ConformanceTest
{
    private const uint FarAhead = 3_000_000_000;

    private const string ForceFromPython =
        "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(b'{\"op\":\"force\"}\\n'); print(s.recv(4096).decode())";

    [Theory, Over(Capability.Nodes)]
    public async Task S01_and_S02_a_node_begins_at_0_and_goes_on_from_where_it_stood_when_it_is_killed_and_its_state_lost(string over)
    {
        var node = await NodeAsync();
        var pod = Look(over, await PodAsync(node));
        Assert.Equal((0u, 0u), (node.Generation, pod.Generation));
        await node.ForceAsync(12);
        await Eventually.HoldsAsync(() => pod.Generation == 12);

        await node.KillAsync();
        Directory.Delete(node.StateDirectory, recursive: true);
        await node.StartAgainAsync();

        Assert.InRange(node.Generation, 12u, uint.MaxValue);
        var before = pod.Generation;
        await node.ForceAsync();
        await Eventually.HoldsAsync(() => pod.Generation == node.Generation && pod.Generation > before);
    }

    [Theory, Over(Capability.Nodes)]
    public async Task S13_and_S28_force_inside_a_pod_is_local_and_the_node_listens_to_its_root_alone(string over)
    {
        var node = await NodeAsync();
        var (pod, neighbour) = (Look(over, await PodAsync(node)), Look(over, await PodAsync(node)));

        var denied = await node.Namespace.RunAsync(
            "setpriv", "--reuid", "65534", "--clear-groups", "/usr/bin/python3", "-c", ForceFromPython, node.Socket);
        Assert.Equal("permission-denied", JsonElement.Parse(denied.OrThrow().Output).GetProperty("error").GetString());
        Assert.Equal(0u, node.Generation);

        Assert.Equal(new Change(Outcome.Success, FarAhead), await pod.ForceAsync(FarAhead));
        Assert.Equal((FarAhead, 0u, 0u), (pod.Generation, node.Generation, neighbour.Generation));

        // What comes from the node is one more there, too, and no more than the node's elsewhere.
        await node.ForceAsync();
        await Eventually.HoldsAsync(() => (pod.Generation, node.Generation, neighbour.Generation) == (FarAhead + 1, 1, 1));
    }

    [Theory, Over(Capability.Nodes)]
    public async Task S24_every_bump_has_a_name_and_every_pod_sees_the_same(string over)
    {
        var node = await NodeAsync();
        var (pod, neighbour) = (Look(over, await PodAsync(node)), Look(over, await PodAsync(node)));
        var names = new HashSet<Guid> { Guid.Empty };
        for (var generation = 1u; generation <= 5; generation++)
        {
            await node.ForceAsync();
            await Eventually.HoldsAsync(() => pod.Generation == generation && neighbour.Generation == generation);
            Assert.True(names.Add(pod.Id));
            Assert.Equal(pod.Id, neighbour.Id);
        }

        // One that is forced in a pod is the pod's own.
        await pod.ForceAsync(0);
        Assert.True(names.Add(pod.Id));
        Assert.NotEqual(pod.Id, neighbour.Id);
    }

    [Theory, Over(Capability.Nodes)]
    public async Task S25_without_an_agent_a_restore_of_ours_is_refused_and_others_go_through(string over)
    {
        var pod = await PodAsync(await NodeAsync());
        var view = Look(over, pod);
        var ours = await CheckpointAsync(pod);
        var theirs = await (await pod.RunForeignAsync()).CheckpointAsync();
        await pod.Node.StopAsync();

        var volume = pod.CreateVolume();
        var refused = await Assert.ThrowsAsync<RuntimeFailedException>(() => pod.RestoreAsync(ours, volume));
        Assert.Contains("sysgenid: restore refused", refused.CriuLog, StringComparison.Ordinal);
        Assert.Empty(volume.Log("spinner").Lines);
        Assert.Equal(0u, view.Generation);
        await using var foreign = await theirs.RestoreAsync();
        Assert.True(await foreign.IsRunningAsync());

        await pod.Node.StartAgainAsync();
        Assert.Contains("refused", await OutcomesAsync(pod.Node));
    }

    [Theory, Over(Capability.Nodes)]
    public async Task S25_under_ignore_a_restore_without_an_agent_goes_through_and_is_recorded_as_missed(string over)
    {
        var pod = await PodAsync(await NodeAsync("--restore-failure-policy", "Ignore"));
        var view = Look(over, pod);
        var checkpoint = await CheckpointAsync(pod);
        await pod.Node.StopAsync();

        await pod.RestoreAsync(checkpoint, pod.CreateVolume());
        Assert.Equal(0u, view.Generation);
        await pod.Node.StartAgainAsync();

        await Eventually.HoldsAsync(() => view.Generation == 1);
        Assert.Contains("missed", await OutcomesAsync(pod.Node));
    }

    [Theory, Over(Capability.Nodes)]
    public async Task S26_with_scope_pod_the_node_advances_and_other_pods_skip_to_it_at_the_next_bump(string over)
    {
        var node = await NodeAsync("--restore-scope", "Pod");
        var (pod, neighbour) = (await PodAsync(node), await PodAsync(node));
        var (seen, seenBeside) = (Look(over, pod), Look(over, neighbour));
        var checkpoint = await CheckpointAsync(pod);

        await pod.RestoreAsync(checkpoint, pod.CreateVolume());
        Assert.Equal((1u, 1u, 0u), (node.Generation, seen.Generation, seenBeside.Generation));

        await node.ForceAsync();
        await Eventually.HoldsAsync(() => (node.Generation, seen.Generation, seenBeside.Generation) == (2, 2, 2));
    }

    [Theory, Over(Capability.Nodes, Capability.Gate)]
    public async Task S27_the_page_promises_a_gate_only_while_it_is_proven_to_work(string over)
    {
        var pod = await PodAsync(await NodeAsync());
        var view = (IGateView)Look(over, pod);
        await Eventually.HoldsAsync(view.IsGateProvenAsync);
        Assert.Equal(0, await ReadyWithGateAsync(pod));

        (await pod.Node.UninstallHookAsync()).OrThrow();
        await Eventually.HoldsAsync(async () => !await view.IsGateProvenAsync());
        Assert.Equal(1, await ReadyWithGateAsync(pod));

        (await pod.Node.InstallHookAsync()).OrThrow();
        await Eventually.HoldsAsync(view.IsGateProvenAsync);
    }

    private async Task<NodeUnderTest> NodeAsync(params string[] arguments) =>
        await NodeUnderTest.StartAsync(Keep(await CheckpointNamespace.CreateAsync()), new NodeOptions { Arguments = arguments });

    private async Task<PodOnNode> PodAsync(NodeUnderTest node) => Keep(await TestPods.CreateAsync(node));

    private IPodView Look(string over, PodOnNode pod) => Keep(((INodeInterface)AllInterfaces.Named(over)).Look(pod.Sidecar.Directory));

    private static async Task<TestSupport.Containers.Checkpoint> CheckpointAsync(PodOnNode pod)
    {
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, "exec spinner /dev/sysgenid /work/spinner");
        await volume.Log("spinner").NextAsync("ready");
        return await container.CheckpointAsync();
    }

    private static async Task<List<string?>> OutcomesAsync(NodeUnderTest node) =>
        [.. (await node.HistoryAsync()).GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("outcome").GetString())];

    private static async Task<int> ReadyWithGateAsync(PodOnNode pod) =>
        (await ChildProcess.RunAsync(ToolPaths.Sidecar, "ready", "--dir", pod.Sidecar.Directory, "--require-gate")).ExitCode;
}
