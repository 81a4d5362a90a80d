using System.Globalization;

namespace SysGenId.Checkpoint.Tests;

/// <summary>S20: what this project is for.</summary>
public sealed class PublishBeforeResumeTests(StandingNodes standing) : CheckpointTest(standing)
{
    /// <summary>How many restores all cases together make; the default takes about a minute.</summary>
    private const string RestoresVariable = "SYSGENID_RESTORES";
    private const int DefaultRestores = 100;

    /// <summary>
    /// So often a clone is dumped in its turn, and its image restored from then on. Not with cgroups of version 2:
    /// restored tasks stay in the cgroup they were dumped in, and a runtime freezes the one it was to put them in.
    /// </summary>
    private const int RestoresOfOneCheckpoint = 10;

    /// <summary>Percent of all restores.</summary>
    public static TheoryData<string, int> Shares => new() { { "runc", 60 }, { "runc on cgroup v2", 20 }, { "crun", 20 } };

    [Theory, MemberData(nameof(Shares))]
    public async Task S20_the_first_value_any_watcher_sees_after_a_restore_is_the_new_one(string setup, int percent)
    {
        var pod = await PodAsync(Setup.Named(setup));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, EveryWatcher.Command);
        await EveryWatcher.IsReadyAsync(volume);

        var restores = Math.Max(1, Restores * percent / 100);
        var stale = new List<string>();
        var started = TimeProvider.System.GetTimestamp();
        var checkpoint = await container.CheckpointAsync();
        for (var restore = 1; restore <= restores; restore++)
        {
            volume = pod.CreateVolume();
            var expected = pod.Generation + 1;
            var between = TimeProvider.System.GetUtcNow();
            await using var clone = await pod.RestoreAsync(checkpoint, volume);
            Assert.Equal(expected, pod.Generation);
            foreach (var (watcher, value) in await EveryWatcher.FirstSeenAsync(volume, between))
            {
                if (value != expected)
                    stale.Add($"restore {restore}: the {watcher} saw {value} instead of {expected}");
            }

            if (restore % RestoresOfOneCheckpoint == 0 && !pod.Node.Namespace.HasUnifiedCgroups)
                checkpoint = await clone.CheckpointAsync();
        }

        var elapsed = TimeProvider.System.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{setup}: {restores} restores, {restores * 4} first reads, {stale.Count} stale, none asleep, {elapsed.TotalSeconds:0.0} s");
        Assert.Empty(stale);
    }

    private static int Restores =>
        int.TryParse(Environment.GetEnvironmentVariable(RestoresVariable), CultureInfo.InvariantCulture, out var restores)
            ? restores
            : DefaultRestores;
}
