using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Checkpoint.Tests;

/// <summary>S26, and many restores at once.</summary>
public sealed class RestoreScopeTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string Spinner = "exec spinner /dev/sysgenid /work/spinner";

    [Fact]
    public async Task S26_with_scope_pod_only_the_restored_pod_moves_and_others_skip_to_it_at_the_next_bump()
    {
        var node = await OwnNodeAsync("--restore-scope", "Pod");
        var (pod, neighbour) = (await PodAsync(node), await PodAsync(node));
        var checkpoint = await CheckpointAsync(pod);

        for (var restored = 1u; restored <= 2; restored++)
        {
            await using var clone = await pod.RestoreAsync(checkpoint, pod.CreateVolume());
            Assert.Equal((restored, restored, 0u), (node.Generation, pod.Generation, neighbour.Generation));
        }

        await node.ForceAsync();
        await Eventually.HoldsAsync(() => (node.Generation, pod.Generation, neighbour.Generation) == (3, 3, 3));
    }

    /// <summary>The cgroup of a restored process may still name the pod it was dumped in; its mounts do not.</summary>
    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task S26_a_checkpoint_restored_in_another_pod_moves_that_pod_alone(string name)
    {
        var setup = Setup.Named(name);
        var node = await OwnNodeAsync(new NodeOptions { Arguments = ["--restore-scope", "Pod"] }, setup.Layout);
        var (home, other) = (await PodAsync(node, setup.Runtime), await PodAsync(node, setup.Runtime));
        var checkpoint = await CheckpointAsync(home);

        var volume = other.CreateVolume();
        await using var clone = await other.RestoreAsync(checkpoint, volume);

        Assert.Equal((1u, 1u, 0u), (node.Generation, other.Generation, home.Generation));
        Assert.Equal(1u, SpinnerGap.Parse(await volume.Log("spinner").NextAsync("gap")).First);
    }

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task S20_containers_of_three_pods_restored_at_once_each_begin_with_a_new_generation(string setup)
    {
        PodOnNode[] pods = [await PodAsync(Setup.Named(setup)), await PodAsync(Setup.Named(setup)), await PodAsync(Setup.Named(setup))];
        var checkpoints = new List<TestSupport.Containers.Checkpoint>();
        foreach (var pod in pods)
            checkpoints.Add(await CheckpointAsync(pod));
        var before = pods[0].Node.Generation;

        var volumes = pods.Select(pod => pod.CreateVolume()).ToArray();
        await Task.WhenAll(pods.Select((pod, index) => pod.RestoreAsync(checkpoints[index], volumes[index])));

        Assert.Equal(before + 3, pods[0].Node.Generation);
        foreach (var volume in volumes)
        {
            var gap = SpinnerGap.Parse(await volume.Log("spinner").NextAsync("gap"));
            Assert.InRange(gap.First, before + 1, before + 3);
        }

        await Eventually.HoldsAsync(() => pods.All(pod => pod.Generation == before + 3));
    }

    private static async Task<TestSupport.Containers.Checkpoint> CheckpointAsync(PodOnNode pod)
    {
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, Spinner);
        await volume.Log("spinner").NextAsync("ready");
        return await container.CheckpointAsync();
    }
}
