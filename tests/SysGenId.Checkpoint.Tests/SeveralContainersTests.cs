using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>S23 in a pod of several containers: each container's watchers are its own.</summary>
public sealed class SeveralContainersTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string WatchSocket = "/run/sysgenid/watch.sock";
    private const string Permission = "go";

    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(200);

    // Whoever waits for the grace period to end waits longer than a test does.
    private static readonly string[] _longGrace = ["--return-grace", "600"];

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task S23_After_the_restore_of_one_its_own_watchers_are_waited_for_and_no_others(string setup)
    {
        var pod = await PodAsync(Setup.Named(setup), _longGrace);
        var (two, _) = await RunAsync(pod, "w1", "w2");
        var (_, ofOther) = await RunAsync(pod, "w1");
        await CountsAsync(pod, watchers: 3, outdated: 0);

        var checkpoint = await two.CheckpointAsync();
        Assert.Equal(2, Recorded(checkpoint));
        await CountsAsync(pod, watchers: 1, outdated: 0);

        var volume = pod.CreateVolume();
        await using var clone = await pod.RestoreAsync(checkpoint, volume);
        var generation = pod.Node.Generation;
        await volume.Log("w1").NextAsync("word");
        await volume.Log("w2").NextAsync("word");
        await CountsAsync(pod, watchers: 3, outdated: 2);
        Assert.Equal("timed-out", Error(await pod.Node.WaitWatchersAsync(generation, _shortly)));

        var adapted = pod.Node.WaitWatchersAsync(generation, Eventually.Patience);
        volume.CreateFile(Permission);
        Assert.True((await adapted).GetProperty("ok").GetBoolean());
        await CountsAsync(pod, watchers: 3, outdated: 0);
        await ofOther.Log("w1").FirstAsync(line => line[0] == "word" && line[1] == $"{pod.Generation}", "the word of the restore");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S23_Two_that_are_dumped_at_once_have_each_their_own_count(bool leaveRunning)
    {
        var pod = await PodAsync(Setup.Named("runc"), _longGrace);
        var (two, _) = await RunAsync(pod, "w1", "w2");
        var (one, _) = await RunAsync(pod, "w1");
        await CountsAsync(pod, watchers: 3, outdated: 0);

        var checkpoints = await Task.WhenAll(two.CheckpointAsync(leaveRunning), one.CheckpointAsync(leaveRunning));
        Assert.Equal([2, 1], checkpoints.Select(Recorded));
        await CountsAsync(pod, watchers: leaveRunning ? 3 : 0, outdated: 0);
        if (leaveRunning) return;

        foreach (var (checkpoint, logs) in checkpoints.Zip<TestSupport.Containers.Checkpoint, string[]>([["w1", "w2"], ["w1"]]))
        {
            var volume = pod.CreateVolume();
            await using var clone = await pod.RestoreAsync(checkpoint, volume);
            var generation = pod.Node.Generation;
            await CountsAsync(pod, watchers: logs.Length, outdated: logs.Length);
            Assert.Equal("timed-out", Error(await pod.Node.WaitWatchersAsync(generation, _shortly)));
            volume.CreateFile(Permission);
            Assert.True((await pod.Node.WaitWatchersAsync(generation, Eventually.Patience)).GetProperty("ok").GetBoolean());
        }

        await CountsAsync(pod, watchers: 0, outdated: 0);
    }

    [Fact]
    public async Task S23_The_watchers_of_a_container_beside_one_that_is_moved_away_are_expected_back_and_only_they()
    {
        var pod = await PodAsync(Setup.Named("runc"), _longGrace);
        var (moved, _) = await RunAsync(pod, "w1", "w2");
        var (stays, volume) = await RunAsync(pod, "w1");
        await CountsAsync(pod, watchers: 3, outdated: 0);

        var checkpoint = await moved.CheckpointAsync();
        await volume.Log("w1").NextAsync("connected", skip: 1);
        await CountsAsync(pod, watchers: 1, outdated: 0);
        await pod.Node.ForceAsync();
        Assert.True((await pod.Node.WaitWatchersAsync(pod.Node.Generation, Eventually.Patience)).GetProperty("ok").GetBoolean());
        Assert.Equal(2, Recorded(checkpoint));
        Assert.Equal(1, Recorded(await stays.CheckpointAsync()));
    }

    // A container whose watchers ack at once; restored with a volume of its own, once they may.
    private static async Task<(Container Container, Volume Volume)> RunAsync(PodOnNode pod, params string[] logs)
    {
        var volume = pod.CreateVolume();
        volume.CreateFile(Permission);
        var watchers = logs.Select(log => $"watcher {WatchSocket} /work/{log} --ack-when /work/{Permission}");
        var container = await pod.RunAsync(volume, string.Join(" & ", watchers.SkipLast(1).Append("exec " + watchers.Last())));
        foreach (var log in logs) await volume.Log(log).NextAsync("word");
        return (container, volume);
    }

    private static Task CountsAsync(PodOnNode pod, int watchers, int outdated) => Eventually.HoldsAsync(
        async () => await pod.Sidecar.WatchersAsync() is var counts && (Count(counts, "watchers"), Count(counts, "outdated"), Count(counts, "expected")) == (watchers, outdated, 0),
        what: $"{watchers} watchers are there and {outdated} of them outdated");

    private static int Recorded(TestSupport.Containers.Checkpoint checkpoint) => checkpoint.Record!["watchers"]!.GetValue<int>();

    private static int Count(JsonElement counts, string name) => counts.GetProperty(name).GetInt32();

    private static string? Error(JsonElement answer) => answer.GetProperty("error").GetString();
}
