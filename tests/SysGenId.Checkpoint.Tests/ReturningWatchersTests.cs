using System.Text.Json;
using SysGenId.TestSupport;

namespace SysGenId.Checkpoint.Tests;

/// <summary>S23: watchers that a checkpoint disconnected count until they come back and ack.</summary>
public sealed class ReturningWatchersTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string WatchSocket = "/run/sysgenid/watch.sock";
    private const string Permission = "go";

    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(200);

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task S23_wait_watchers_right_after_a_restore_ends_when_the_returned_watchers_acked(string setup)
    {
        var pod = await PodAsync(Setup.Named(setup));
        var volume = pod.CreateVolume();
        volume.CreateFile(Permission);
        var container = await pod.RunAsync(
            volume,
            $"watcher {WatchSocket} /work/w1 --ack-when /work/{Permission} & exec watcher {WatchSocket} /work/w2 --ack-when /work/{Permission}");
        await Eventually.HoldsAsync(async () => (await pod.Sidecar.WatchersAsync()).GetProperty("watchers").GetInt32() == 2);
        await volume.Log("w1").NextAsync("word");
        await volume.Log("w2").NextAsync("word");
        var checkpoint = await container.CheckpointAsync();

        volume = pod.CreateVolume();
        await using var clone = await pod.RestoreAsync(checkpoint, volume);
        var generation = pod.Generation;
        AssertTimedOut(await pod.Node.WaitWatchersAsync(generation, _shortly));
        AssertTimedOut(await pod.Sidecar.AskAsync(new { op = "wait-watchers", generation, timeoutMs = (int)_shortly.TotalMilliseconds }));
        await volume.Log("w1").NextAsync("word");
        await volume.Log("w2").NextAsync("word");
        AssertTimedOut(await pod.Node.WaitWatchersAsync(generation, _shortly));

        var ofNode = pod.Node.WaitWatchersAsync(generation, Eventually.Patience);
        var ofPod = pod.Sidecar.AskAsync(new { op = "wait-watchers", generation });
        volume.CreateFile(Permission);

        Assert.True((await ofNode).GetProperty("ok").GetBoolean());
        Assert.True((await ofPod).GetProperty("ok").GetBoolean());
        var counts = await pod.Sidecar.WatchersAsync();
        Assert.Equal((2, 0, 0), (Count(counts, "watchers"), Count(counts, "outdated"), Count(counts, "expected")));
    }

    [Fact]
    public async Task S23_a_watcher_that_never_returns_is_forgotten_when_the_grace_period_ends()
    {
        // Longer than it takes to look right after the restore.
        var pod = await PodAsync(await StandingNodeAsync(), sidecarArguments: ["--return-grace", "5"]);
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, $"exec watcher {WatchSocket} /work/w1 --once");
        await volume.Log("w1").NextAsync("word");
        var checkpoint = await container.CheckpointAsync();

        await using var clone = await pod.RestoreAsync(checkpoint, pod.CreateVolume());
        var right = await pod.Sidecar.WatchersAsync();
        Assert.Equal((1, 1, 1), (Count(right, "watchers"), Count(right, "outdated"), Count(right, "expected")));

        Assert.True((await pod.Node.WaitWatchersAsync(pod.Generation, Eventually.Patience)).GetProperty("ok").GetBoolean());
        var later = await pod.Sidecar.WatchersAsync();
        Assert.Equal((0, 0, 0), (Count(later, "watchers"), Count(later, "outdated"), Count(later, "expected")));
    }

    private static void AssertTimedOut(JsonElement answer)
    {
        Assert.Equal("timed-out", answer.GetProperty("error").GetString());
        Assert.Equal(2, Count(answer, "outdated"));
    }

    private static int Count(JsonElement counts, string name) => counts.GetProperty(name).GetInt32();
}
