using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>A real restore on a node of a real API server, and the hook's comings and goings there.</summary>
public sealed class AgentEndToEndTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private const string Spinner = "tests/SysGenId.Checkpoint.Tests/Programs/spinner.c";

    private TestCluster Cluster => fixture.Cluster;

    [Fact]
    public async Task S20_object_Events_metrics_record_and_the_restored_process_itself_tell_one_story()
    {
        Requires.CheckpointTools();
        await using var node = await NodeInCluster.StartAsync(Cluster, "story");
        Assert.True(await node.HasLabelAsync());
        var (pod, sidecar) = await node.PodAsync("story-pod");
        await using var running = sidecar;
        var volume = new Volume(node.Namespace);
        await using var container = await Container.RunAsync(node.Namespace, ContainerRuntime.Runc, new ContainerOptions
        {
            Pod = pod,
            Mounts = [.. sidecar.Mounts, volume.Mount],
            Programs = [await StaticProgram.CompileAsync(Spinner)],
            Command = ["spinner", "/dev/sysgenid", "/work/spinner"],
        });
        await volume.Log("spinner").NextAsync("ready");

        var checkpoint = await container.CheckpointAsync();
        var clones = new Volume(node.Namespace);
        await using var clone = await checkpoint.RestoreAsync(options => options with { Mounts = [.. sidecar.Mounts, clones.Mount] });

        // The process: its first load after the restore is the new generation.
        Assert.Equal("1", (await clones.Log("spinner").NextAsync("gap"))[5]);

        // The record that travels with the checkpoint.
        Assert.Equal(
            ("story", pod.Uid, "default", "story-pod"),
            (Text(checkpoint, "node"), Text(checkpoint, "podUid"), Text(checkpoint, "podNamespace"), Text(checkpoint, "podName")));

        // The object.
        var present = await node.ObjectAsync(present => present.Status?.Generation == 1, "the object shows the restore");
        var change = present.Status!.LastChange!;
        Assert.Equal(("ContainerRestored", "default", "story-pod", clone.Name), (change.Cause, change.Namespace, change.Pod, change.Container));
        Assert.Equal(sidecar.Id, Guid.Parse(present.Status.GenerationId!));

        // The Events.
        var onPod = await node.EventAsync("ContainerRestored", "Pod", "story-pod");
        Assert.Equal((pod.Uid, "default", "Normal", "sysgenid-agent"), (onPod.InvolvedObject.Uid, onPod.Metadata.NamespaceProperty, onPod.Type, onPod.Source.Component));
        Assert.Contains($"the generation is 1 ({present.Status.GenerationId})", onPod.Message, StringComparison.Ordinal);
        var onNode = await node.EventAsync("ContainerRestored", "Node", node.Name);
        Assert.Equal($"Pod default/story-pod: {onPod.Message}", onNode.Message);

        // The metrics.
        var metrics = await node.MetricsAsync();
        Assert.Equal(
            ("1", "1", "1", "1", "1", "1", "1"),
            (metrics["sysgenid_generation"], metrics["sysgenid_bumps_total{cause=\"ContainerRestored\"}"], metrics["sysgenid_restores_total{outcome=\"published\"}"],
                metrics["sysgenid_publish_duration_seconds_count"], metrics["sysgenid_checkpoints_total{outcome=\"recorded\"}"], metrics["sysgenid_sidecars"], metrics["sysgenid_gate_proven"]));
        Assert.Contains("sysgenid_watchers{namespace=\"default\"}", metrics.Keys);
    }

    [Fact]
    public async Task S27_an_agent_that_is_replaced_leaves_the_hook_in_place_and_the_node_proven()
    {
        Requires.CheckpointTools();
        await using var node = await NodeInCluster.StartAsync(Cluster, "replaced");
        var before = await node.ObjectAsync(_ => true, "it is there");
        var configuration = node.CriuConfiguration;
        Assert.Contains("action-script", configuration, StringComparison.Ordinal);

        Assert.Equal(0, await node.Node.StopAsync());
        Assert.Equal(configuration, node.CriuConfiguration);
        Assert.True(await node.HasLabelAsync());
        await node.Node.StartAgainAsync();

        await node.Node.ForceAsync();
        var after = await node.ObjectAsync(present => present.Status?.Generation == 1, "it reports again");
        Assert.True(after.Is(ConditionTypes.GateProven));
        Assert.Equal(before.Condition(ConditionTypes.GateProven)!.LastTransitionTime, after.Condition(ConditionTypes.GateProven)!.LastTransitionTime);
        Assert.True(await node.HasLabelAsync());
    }

    [Fact]
    public async Task Uninstall_takes_line_and_hook_off_the_node_and_they_stay_off_until_the_annotation_goes()
    {
        Requires.CheckpointTools();
        await using var node = await NodeInCluster.StartAsync(Cluster, "uninstalled");

        var uninstall = await ChildProcess.RunAsync(ToolPaths.Operator, "uninstall", "--kubeconfig", Cluster.Kubeconfig, "--timeout", "30s");

        Assert.Contains("uninstalled: the hook is off", uninstall.Output, StringComparison.Ordinal);
        Assert.Equal("", node.CriuConfiguration);
        Assert.False(File.Exists(Path.Combine(node.Node.HookDirectory, "sysgenid-criu-hook")));
        var removed = await node.ObjectAsync(present => present.Condition(ConditionTypes.GateProven)?.Reason == "HookRemoved", "it says so");
        Assert.Equal("False", removed.Condition(ConditionTypes.GateProven)!.Status);
        await Eventually.HoldsAsync(async () => !await node.HasLabelAsync());
        await node.EventAsync("GateLost", "Node", node.Name);

        // Another agent, as of a DaemonSet that is still there, leaves it so.
        await node.Node.StopAsync();
        await node.Node.StartAgainAsync();
        await node.Node.ForceAsync();
        removed = await node.ObjectAsync(present => present.Status?.Generation == 1, "it reports again");
        Assert.Equal("HookRemoved", removed.Condition(ConditionTypes.GateProven)!.Reason);
        Assert.Equal("", node.CriuConfiguration);

        await node.AnnotateAsync(null);
        await node.ObjectAsync(present => present.Is(ConditionTypes.GateProven), "the hook is installed again");
        await Eventually.HoldsAsync(node.HasLabelAsync);
    }

    private static string Text(Checkpoint checkpoint, string field) => checkpoint.Record![field]!.GetValue<string>();
}
