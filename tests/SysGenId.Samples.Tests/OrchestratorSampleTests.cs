using SysGenId.Samples.Tests.Running;
using SysGenId.TestSupport;

namespace SysGenId.Samples.Tests;

/// <summary>Workflow 4: the service is paused from the change until every other watcher has acked it.</summary>
public sealed class OrchestratorSampleTests(LocalNode node) : IClassFixture<LocalNode>, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Ready => _directory.File("ready");

    [Theory, InlineData("python"), InlineData("csharp")]
    public async Task S12_it_pauses_the_service_until_the_others_have_acked(string language)
    {
        await using var pod = await node.StartPodAsync();
        using var slow = new SlowWatcher(pod);
        var sample = await ServingAsync(pod, language, "20");

        var after = await pod.BumpAsync();
        await sample.SaysAsync($"generation {after}: paused");
        Assert.False(File.Exists(Ready));
        Assert.True(await pod.IsAnybodyOutdatedAsync());
        slow.Acknowledge(after);

        await sample.SaysAsync($"generation {after}: resumed");
        Assert.True(File.Exists(Ready));
        Assert.False(await pod.IsAnybodyOutdatedAsync());
    }

    [Theory, InlineData("python"), InlineData("csharp")]
    public async Task S12_a_bump_while_it_waits_makes_it_start_over(string language)
    {
        await using var pod = await node.StartPodAsync();
        using var slow = new SlowWatcher(pod);
        var sample = await ServingAsync(pod, language, "20");

        var first = await pod.BumpAsync();
        await sample.SaysAsync($"generation {first}: paused");
        var second = await pod.BumpAsync();
        await sample.SaysAsync($"generation {second} came in between: starting over");
        await sample.SaysAsync($"generation {second}: paused");
        slow.Acknowledge(second);

        await sample.SaysAsync($"generation {second}: resumed");
        Assert.Equal(0, sample.Count($"generation {first}: resumed"));
    }

    [Theory, InlineData("python"), InlineData("csharp")]
    public async Task S12_it_stays_paused_when_the_time_is_up_and_waits_on(string language)
    {
        await using var pod = await node.StartPodAsync();
        using var slow = new SlowWatcher(pod);
        var sample = await ServingAsync(pod, language, "0.05");

        var after = await pod.BumpAsync();
        await sample.SaysAsync($"generation {after}: somebody is still outdated after 0.05 s", times: 2);
        Assert.False(File.Exists(Ready));
        slow.Acknowledge(after);

        await sample.SaysAsync($"generation {after}: resumed");
    }

    [Theory, InlineData("python"), InlineData("csharp")]
    public async Task S11_it_goes_on_when_the_sidecar_is_started_again_while_it_waits(string language)
    {
        await using var pod = await node.StartPodAsync();
        using var slow = new SlowWatcher(pod);
        var sample = await ServingAsync(pod, language, "20");

        var after = await pod.BumpAsync();
        await sample.SaysAsync($"generation {after}: paused");
        await pod.KillSidecarAsync(); // and with it the place of the one that is waited for
        await pod.StartSidecarAsync();

        await sample.SaysAsync($"generation {after}: resumed");
        Assert.True(File.Exists(Ready));
    }

    public void Dispose() => _directory.Dispose();

    private async Task<SampleProcess> ServingAsync(LocalPod pod, string language, string timeout)
    {
        var sample = pod.Run("orchestrator", language, "--ready", Ready, "--timeout", timeout);
        await sample.SaysAsync($"generation {pod.Generation}: resumed");
        Assert.True(File.Exists(Ready));
        return sample;
    }
}
