using System.Diagnostics;
using System.Globalization;
using SysGenId.Adversity.Tests.Harness;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>kill -9 of everything we run, at random moments, under load.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Pods = 3;
    private const int WatchersOfPod = 4;

    private static readonly int _kills =
        int.TryParse(Environment.GetEnvironmentVariable("SYSGENID_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 300;

    [Fact]
    public async Task S02_S20_no_kill_lowers_a_generation_loses_the_state_hides_the_last_value_or_hangs_a_restore()
    {
        var seed = Seed.Next();
        try
        {
            await KillAsync(new Random(seed));
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"With SYSGENID_SEED={seed} and SYSGENID_KILLS={_kills}: {failure.Message}", failure);
        }
    }

    private async Task KillAsync(Random random)
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pods = new List<PodOnTrial>();
        for (var index = 0; index < Pods; index++)
            pods.Add(await node.StartPodAsync());
        await using var witnesses = new Witnesses(node, pods, WatchersOfPod, random);
        await using var trial = new KillTrial(node, pods, witnesses, random);

        var watch = Stopwatch.StartNew();
        for (var kill = 1; kill <= _kills; kill++)
            await trial.KillAsync(kill);
        await trial.EndAsync();
        output.WriteLine($"{trial} in {watch.Elapsed.TotalSeconds:0.0} s; {witnesses}");
    }
}
