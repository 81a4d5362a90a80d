using SysGenId.TestSupport.Nodes;

namespace SysGenId.Checkpoint.Tests;

/// <summary>The hook in a CRIU configuration of the container's own, which runc's annotation names.</summary>
public sealed class HookConfigurationTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string Own = "/etc/criu/own.conf";

    /// <summary>CRIU before 4.2 runs the lines of such a file twice at each stage (criu issue 2727).</summary>
    [Fact]
    public async Task S20_a_hook_that_is_called_twice_at_each_stage_bumps_once()
    {
        var pod = await PodAsync(await OwnNodeAsync(new NodeOptions { CriuConfiguration = Own }));
        var volume = pod.CreateVolume();
        var annotations = new Dictionary<string, string> { ["org.criu.config"] = Own };
        var container = await pod.RunAsync(volume, EveryWatcher.Command, options => options with { Annotations = annotations });
        await EveryWatcher.IsReadyAsync(volume);
        var checkpoint = await container.CheckpointAsync();
        Assert.NotNull(checkpoint.Record);

        for (var restored = 1u; restored <= 3; restored++)
        {
            volume = pod.CreateVolume();
            var between = TimeProvider.System.GetUtcNow();
            await using var clone = await pod.RestoreAsync(checkpoint, volume);
            Assert.Equal((restored, restored), (pod.Node.Generation, pod.Generation));
            Assert.All((await EveryWatcher.FirstSeenAsync(volume, between)).Values, seen => Assert.Equal(restored, seen));
        }

        Assert.Equal(3, (await pod.Node.HistoryAsync()).GetProperty("changes").GetArrayLength());
    }
}
