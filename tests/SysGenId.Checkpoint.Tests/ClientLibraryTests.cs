using SysGenId.TestSupport;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>A program that uses the client library is dumped and restored in the middle of each of its calls.</summary>
public sealed class ClientLibraryTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string Command =
        "generation-client wait /work/wait & generation-client ack /work/ack & " +
        "generation-client watchers /work/watchers & exec generation-client guard /work/guard";

    // One each, and the one that the waiting one waits for.
    private const int Watchers = 5;

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task S20_S22_S23_after_a_restore_every_call_sees_the_new_generation_first_and_everybody_acks(string setup)
    {
        var pod = await PodAsync(Setup.Named(setup));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, Command);
        await AreWaitingAsync(pod, volume);
        var checkpoint = await container.CheckpointAsync();
        Assert.Equal(Watchers, checkpoint.Record!["watchers"]!.GetValue<int>());

        for (var restore = 0; restore < 2; restore++)
        {
            volume = pod.CreateVolume();
            await using var clone = await pod.RestoreAsync(checkpoint, volume);
            var generation = $"{pod.Generation}";
            Assert.Equal(["changed", generation], await FirstAsync(volume, "wait"));
            Assert.Equal(["saw", generation], await FirstAsync(volume, "ack"));
            Assert.Equal(["Interrupted", generation], await FirstAsync(volume, "watchers"));
            Assert.Equal(["minted", generation], await FirstAsync(volume, "guard"));
            Assert.Equal(generation, (await volume.Log("watchers").NextAsync("AllUpToDate"))[1]);
            Assert.True((await pod.Node.WaitWatchersAsync(pod.Generation, Eventually.Patience)).GetProperty("ok").GetBoolean());
            await CountsAsync(pod, Watchers, 0);
        }
    }

    [Fact]
    public async Task S22_after_a_checkpoint_that_left_it_running_every_call_goes_on()
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, Command);
        await AreWaitingAsync(pod, volume);
        await container.CheckpointAsync(leaveRunning: true);

        // The one that waits for another's ack waits on: a checkpoint makes nobody up to date.
        await CountsAsync(pod, Watchers, 1);
        Assert.Equal("waiting", volume.Log("watchers").Lines[^1][0]);

        await pod.Node.ForceAsync();
        var generation = $"{pod.Generation}";
        foreach (var (log, word) in ((string, string)[])[("wait", "acked"), ("ack", "acked"), ("watchers", "AllUpToDate"), ("guard", "minted")])
            await volume.Log(log).FirstAsync(line => line[0] == word && line[1] == generation, $"{word} {generation}");
        await CountsAsync(pod, Watchers, 0);
    }

    // A bump makes the watcher outdated for which the waiting one then waits.
    private static async Task AreWaitingAsync(PodOnNode pod, Volume volume)
    {
        await CountsAsync(pod, Watchers, 0);
        await pod.Node.ForceAsync();
        await volume.Log("watchers").NextAsync("waiting");
        await volume.Log("wait").NextAsync("acked");
        await volume.Log("ack").NextAsync("acked");
        await volume.Log("guard").NextAsync("minted");
        await CountsAsync(pod, Watchers, 1);
    }

    private static Task<string[]> FirstAsync(Volume volume, string log) => volume.Log(log).FirstAsync(_ => true, "a first line");

    private static Task CountsAsync(PodOnNode pod, int watchers, int outdated) => Eventually.HoldsAsync(
        async () =>
        {
            var counts = await pod.Sidecar.WatchersAsync();
            return (counts.GetProperty("watchers").GetInt32(), counts.GetProperty("outdated").GetInt32()) == (watchers, outdated);
        },
        what: $"{watchers} watchers, {outdated} of them outdated");
}
