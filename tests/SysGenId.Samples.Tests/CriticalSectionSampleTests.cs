using SysGenId.Samples.Tests.Running;

namespace SysGenId.Samples.Tests;

/// <summary>Workflow 3: what was made with a key of the past never leaves the section.</summary>
public sealed class CriticalSectionSampleTests(LocalNode node) : IClassFixture<LocalNode>
{
    [Theory, InlineData("c"), InlineData("csharp")]
    public async Task A_section_that_the_generation_moved_under_is_run_again_with_a_new_key(string language)
    {
        await using var pod = await node.StartPodAsync();
        var sample = await IdleAsync(pod, language);
        await sample.EnterAsync();
        await sample.SaysAsync($"signing with the key of generation {pod.Generation}");

        var after = await pod.BumpAsync();
        await sample.EnterAsync();
        await sample.SaysAsync($"generation {after} came in between");
        await sample.SaysAsync($"signing with the key of generation {after}");
        Assert.Equal(0, sample.Count("signature "));
        await sample.EnterAsync();

        Assert.EndsWith($" of generation {after}", await sample.SaysAsync("signature "), StringComparison.Ordinal);
        await pod.AllHaveAdaptedAsync(watchers: 1);
        Assert.Equal(0, await sample.EndAsync());
    }

    [Theory, InlineData("c"), InlineData("csharp")]
    public async Task A_section_that_nothing_happened_to_is_run_once(string language)
    {
        await using var pod = await node.StartPodAsync();
        var sample = await IdleAsync(pod, language);

        await sample.EnterAsync();
        await sample.EnterAsync();

        Assert.EndsWith($" of generation {pod.Generation}", await sample.SaysAsync("signature "), StringComparison.Ordinal);
        Assert.Equal(1, sample.Count("signing "));
    }

    [Theory, InlineData("c"), InlineData("csharp")]
    public async Task S12_it_adapts_and_acks_also_when_it_has_nothing_to_do(string language)
    {
        await using var pod = await node.StartPodAsync();
        var sample = await IdleAsync(pod, language);

        var after = await pod.BumpAsync();
        await sample.SaysAsync($"generation {after}: new key");
        await pod.AllHaveAdaptedAsync(watchers: 1);

        var missed = await pod.MissABumpAsync();
        await sample.SaysAsync($"generation {missed}: new key");
        await pod.AllHaveAdaptedAsync(watchers: 1);
    }

    private static async Task<SampleProcess> IdleAsync(LocalPod pod, string language)
    {
        var sample = pod.Run("critical-section", language);
        await sample.SaysAsync($"generation {pod.Generation}: new key");
        await pod.AllHaveAdaptedAsync(watchers: 1);
        return sample;
    }
}
