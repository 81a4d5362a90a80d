using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Checkpoint.Tests;

/// <summary>S25: what a restore comes to when nobody can publish, for containers of ours and for others.</summary>
public sealed class FailurePolicyTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string Spinner = "exec spinner /dev/sysgenid /work/spinner";

    // Dumps, and the restores of others, have to come through within it.
    private static readonly TimeSpan _publishTimeout = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task S25_without_an_agent_a_restore_of_ours_is_refused_and_nothing_of_it_ever_runs()
    {
        var pod = await PodAsync(await OwnNodeAsync("--publish-timeout", "3s"));
        var checkpoint = await CheckpointOfSpinnerAsync(pod);
        await pod.Node.StopAsync();

        var volume = pod.CreateVolume();
        var refused = await Assert.ThrowsAsync<RuntimeFailedException>(() => pod.RestoreAsync(checkpoint, volume));

        Assert.Contains("sysgenid: restore refused: the node agent at", refused.CriuLog, StringComparison.Ordinal);
        Assert.Empty(volume.Log("spinner").Lines);
        Assert.Equal([pod.Sidecar.Process.Id], pod.Pod.Processes);
        await pod.Node.StartAgainAsync();
        var change = Assert.Single(await ChangesAsync(pod.Node, "refused"));
        Assert.Contains("cannot be reached", change.GetProperty("message").GetString(), StringComparison.Ordinal);

        await pod.Sidecar.IsConnectedAsync();
        await pod.RestoreAsync(checkpoint, volume);
        Assert.Equal(pod.Generation, await FirstSeenAsync(volume.Log("spinner")));
    }

    [Fact]
    public async Task S25_without_an_agent_a_container_of_ours_whose_checkpoint_has_no_record_is_restored()
    {
        var pod = await PodAsync(await OwnNodeAsync("--publish-timeout", "3s"));
        var checkpoint = await CheckpointOfSpinnerAsync(pod);
        File.Delete(checkpoint.RecordPath);
        await pod.Node.StopAsync();

        var clone = await pod.RestoreAsync(checkpoint, pod.CreateVolume());

        Assert.True(await clone.IsRunningAsync());
    }

    [Fact]
    public async Task S25_without_an_agent_a_container_of_ours_is_not_dumped_and_runs_on()
    {
        var pod = await PodAsync(await OwnNodeAsync("--publish-timeout", "1s"));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, Spinner);
        await volume.Log("spinner").NextAsync("ready");
        await pod.Node.StopAsync();

        var refused = await Assert.ThrowsAsync<RuntimeFailedException>(() => container.CheckpointAsync());

        Assert.Contains("sysgenid: dump aborted, the container runs on", refused.CriuLog, StringComparison.Ordinal);
        Assert.True(await container.IsRunningAsync());
    }

    [Fact]
    public async Task S25_without_an_agent_containers_of_others_are_dumped_and_restored_without_delay()
    {
        var pod = await PodAsync(await OwnNodeAsync("--publish-timeout", "30s"));
        await using var stranger = await pod.RunForeignAsync();
        await pod.Node.StopAsync();

        var started = TimeProvider.System.GetTimestamp();
        var checkpoint = await stranger.CheckpointAsync();
        await using var clone = await checkpoint.RestoreAsync();

        Assert.True(await clone.IsRunningAsync());
        Assert.Null(checkpoint.Record);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task S25_under_ignore_a_restore_without_an_agent_goes_on_and_is_caught_up_with_later()
    {
        var pod = await PodAsync(await OwnNodeAsync("--restore-failure-policy", "Ignore", "--publish-timeout", "3s"));
        var checkpoint = await CheckpointOfSpinnerAsync(pod);
        var before = pod.Generation;
        await pod.Node.StopAsync();

        var volume = pod.CreateVolume();
        await pod.RestoreAsync(checkpoint, volume);
        Assert.Equal(before, await FirstSeenAsync(volume.Log("spinner")));
        await pod.Node.StartAgainAsync();

        await Eventually.HoldsAsync(() => pod.Generation == before + 1);
        await volume.Log("spinner").FirstAsync(line => line[0] == "change" && line[3] == $"{before + 1}", "the spinner sees what it missed");
        Assert.Single(await ChangesAsync(pod.Node, "missed"));
    }

    [Fact]
    public async Task S25_an_agent_that_is_killed_and_started_again_during_a_restore_is_waited_for()
    {
        var pod = await PodAsync(await OwnNodeAsync("--publish-timeout", "20s"));
        var checkpoint = await CheckpointOfSpinnerAsync(pod);
        var before = pod.Generation;
        await pod.Node.KillAsync();

        var volume = pod.CreateVolume();
        var restoring = pod.RestoreAsync(checkpoint, volume);
        await Eventually.HoldsAsync(() => HasReached(checkpoint, "post-restore"));
        Assert.False(restoring.IsCompleted);
        await pod.Node.StartAgainAsync();
        await restoring;

        Assert.Equal(before + 1, await FirstSeenAsync(volume.Log("spinner")));
    }

    [Fact]
    public async Task S25_a_sidecar_that_is_killed_and_started_again_during_a_restore_is_waited_for()
    {
        var pod = await PodAsync(await OwnNodeAsync("--publish-timeout", "20s"));
        var checkpoint = await CheckpointOfSpinnerAsync(pod);
        var before = pod.Generation;
        await pod.Sidecar.KillAsync();

        var volume = pod.CreateVolume();
        var restoring = pod.RestoreAsync(checkpoint, volume);
        await Eventually.HoldsAsync(() => HasReached(checkpoint, "post-restore"));
        Assert.False(restoring.IsCompleted);
        await pod.Sidecar.StartAgainAsync();
        await restoring;

        Assert.Equal(before + 1, await FirstSeenAsync(volume.Log("spinner")));
    }

    [Theory]
    [InlineData("Fail")]
    [InlineData("Ignore")]
    public async Task S25_a_sidecar_that_hangs_holds_up_its_own_pod_alone_and_no_longer_than_the_publish_timeout(string policy)
    {
        var node = await OwnNodeAsync("--restore-failure-policy", policy, "--publish-timeout", $"{_publishTimeout.TotalMilliseconds}ms");
        var (pod, neighbour) = (await PodAsync(node), await PodAsync(node));
        var (ours, theirs) = (await CheckpointOfSpinnerAsync(pod), await CheckpointOfSpinnerAsync(neighbour));
        var before = pod.Generation;
        pod.Sidecar.Process.Send(Signal.Stop);

        var (volume, neighbourly) = (pod.CreateVolume(), neighbour.CreateVolume());
        var restoring = pod.RestoreAsync(ours, volume);
        await Eventually.HoldsAsync(() => node.Generation > before);
        await neighbour.RestoreAsync(theirs, neighbourly);
        Assert.Equal(neighbour.Generation, await FirstSeenAsync(neighbourly.Log("spinner")));

        if (policy == "Fail")
        {
            var refused = await Assert.ThrowsAsync<RuntimeFailedException>(() => restoring);
            Assert.Contains("publish-timeout", refused.CriuLog, StringComparison.Ordinal);
            Assert.Empty(volume.Log("spinner").Lines);
        }
        else
        {
            await restoring;
            Assert.Equal(before, await FirstSeenAsync(volume.Log("spinner")));
        }

        Assert.Single(await ChangesAsync(node, "timed-out"));
        pod.Sidecar.Process.Send(Signal.Continue);
        await Eventually.HoldsAsync(() => pod.Generation >= node.Generation && pod.Generation > before);
    }

    [Fact]
    public async Task S25_where_sysgenid_was_removed_badly_containers_of_others_are_dumped_and_restored()
    {
        var pod = await PodAsync(await OwnNodeAsync());
        await using var stranger = await pod.RunForeignAsync();
        await pod.Node.StopAsync();
        Directory.Delete(pod.Node.RunDirectory, recursive: true);

        await using var clone = await (await stranger.CheckpointAsync()).RestoreAsync();

        Assert.True(await clone.IsRunningAsync());
    }

    private static async Task<TestSupport.Containers.Checkpoint> CheckpointOfSpinnerAsync(PodOnNode pod)
    {
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, Spinner);
        await volume.Log("spinner").NextAsync("ready");
        return await container.CheckpointAsync();
    }

    // The first gap in the log of a restored spinner is that of the restore.
    private static async Task<uint> FirstSeenAsync(TestSupport.Programs.ProgramLog log) => SpinnerGap.Parse(await log.NextAsync("gap")).First;

    private static bool HasReached(TestSupport.Containers.Checkpoint checkpoint, string stage)
    {
        var log = Path.Combine(checkpoint.Work, "restore.log");
        return File.Exists(log) && File.ReadAllText(log).Contains($"Running {stage} scripts", StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<JsonElement>> ChangesAsync(NodeUnderTest node, string outcome) =>
        [.. (await node.HistoryAsync()).GetProperty("changes").EnumerateArray().Where(change => change.GetProperty("outcome").GetString() == outcome)];
}
