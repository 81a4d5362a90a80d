using SysGenId.TestSupport;

namespace SysGenId.Checkpoint.Tests;

/// <summary>S21, S24, S28: what travels with a checkpoint, and what it may do where it arrives.</summary>
public sealed class StrictlyNewerTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string Spinner = "exec spinner /dev/sysgenid /work/spinner";
    private const uint LastButOne = 4294967294;

    [Fact]
    public async Task S21_a_container_that_moves_to_a_node_with_a_lower_generation_sees_more_than_it_left()
    {
        var (home, abroad) = (await PodAsync(await OwnNodeAsync()), await PodAsync(await OwnNodeAsync()));
        await home.Node.ForceAsync(minimum: 900);
        await Eventually.HoldsAsync(() => home.Generation == 900);
        var volume = home.CreateVolume();
        var container = await home.RunAsync(volume, EveryWatcher.Command);
        await EveryWatcher.IsReadyAsync(volume);
        var checkpoint = await container.CheckpointAsync();
        Assert.Equal(900u, checkpoint.Record!["generation"]!.GetValue<uint>());
        Assert.Equal(0u, abroad.Node.Generation);

        volume = abroad.CreateVolume();
        var between = TimeProvider.System.GetUtcNow();
        await abroad.RestoreAsync(checkpoint, volume);

        Assert.All((await EveryWatcher.FirstSeenAsync(volume, between)).Values, seen => Assert.Equal(901u, seen));
        Assert.Equal(901u, abroad.Node.Generation);
    }

    [Fact]
    public async Task S24_clones_on_two_nodes_reach_the_same_number_and_never_share_its_name()
    {
        var (one, other) = (await PodAsync(await OwnNodeAsync()), await PodAsync(await OwnNodeAsync()));
        var volume = one.CreateVolume();
        var container = await one.RunAsync(volume, Spinner);
        await volume.Log("spinner").NextAsync("ready");
        var checkpoint = await container.CheckpointAsync();

        await one.RestoreAsync(checkpoint, one.CreateVolume());
        await other.RestoreAsync(checkpoint, other.CreateVolume());

        Assert.Equal(one.Generation, other.Generation);
        Assert.NotEqual(one.Sidecar.Id, other.Sidecar.Id);
        Assert.NotEqual(Guid.Empty, one.Sidecar.Id);
        Assert.NotEqual(Guid.Empty, other.Sidecar.Id);
    }

    [Fact]
    public async Task S24_clones_on_one_node_get_a_generation_and_a_name_each()
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, Spinner);
        await volume.Log("spinner").NextAsync("ready");
        var checkpoint = await container.CheckpointAsync();

        await using var first = await pod.RestoreAsync(checkpoint, pod.CreateVolume());
        var (generation, id) = (pod.Generation, pod.Sidecar.Id);
        await using var second = await pod.RestoreAsync(checkpoint, pod.CreateVolume());

        Assert.Equal(generation + 1, pod.Generation);
        Assert.NotEqual(id, pod.Sidecar.Id);
    }

    [Fact]
    public async Task S28_a_record_far_ahead_raises_the_restored_pod_alone()
    {
        var node = await OwnNodeAsync();
        var (pod, neighbour) = (await PodAsync(node), await PodAsync(node));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, EveryWatcher.Command);
        await EveryWatcher.IsReadyAsync(volume);
        var checkpoint = await container.CheckpointAsync();
        checkpoint.ChangeRecord(record => record["generation"] = LastButOne);

        volume = pod.CreateVolume();
        var between = TimeProvider.System.GetUtcNow();
        await pod.RestoreAsync(checkpoint, volume);

        Assert.All((await EveryWatcher.FirstSeenAsync(volume, between)).Values, seen => Assert.Equal(uint.MaxValue, seen));
        Assert.Equal(1u, node.Generation);
        await Eventually.HoldsAsync(() => neighbour.Generation == 1);
    }

    [Fact]
    public async Task S28_a_record_at_the_last_generation_is_refused_since_nothing_can_be_newer()
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, Spinner);
        await volume.Log("spinner").NextAsync("ready");
        var checkpoint = await container.CheckpointAsync();
        checkpoint.ChangeRecord(record => record["generation"] = uint.MaxValue);
        var before = pod.Node.Generation;

        var refused = await Assert.ThrowsAsync<TestSupport.Containers.RuntimeFailedException>(() => pod.RestoreAsync(checkpoint, pod.CreateVolume()));

        Assert.Contains("generation-exhausted", refused.CriuLog, StringComparison.Ordinal);
        Assert.Equal(before, pod.Node.Generation);
    }
}
