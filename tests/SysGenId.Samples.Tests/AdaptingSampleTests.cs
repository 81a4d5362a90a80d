using SysGenId.Samples.Tests.Running;

namespace SysGenId.Samples.Tests;

/// <summary>Workflows 1 and 2: a watchdog thread and an event loop seed anew at every change, and ack.</summary>
public sealed class AdaptingSampleTests(LocalNode node) : IClassFixture<LocalNode>
{
    public static TheoryData<string, string> All => new()
    {
        { "watchdog", "c" },
        { "watchdog", "csharp" },
        { "event-loop", "python" },
        { "event-loop", "csharp" },
    };

    [Theory, MemberData(nameof(All))]
    public async Task S09_it_seeds_anew_at_a_change_then_acks_and_mints_on(string name, string language)
    {
        await using var pod = await node.StartPodAsync();
        var before = pod.Generation;
        var sample = pod.Run(name, language);
        await sample.SaysAsync($"generation {before}: seeded anew");
        await sample.EnterAsync();
        await sample.SaysAsync("token ");

        var after = await pod.BumpAsync();
        await sample.SaysAsync($"generation {after}: seeded anew");
        await pod.AllHaveAdaptedAsync(watchers: 1);
        await sample.EnterAsync();

        Assert.EndsWith($" of generation {after}", await sample.SaysAsync("token ", times: 2), StringComparison.Ordinal);
        Assert.Equal(2, sample.Count("generation "));
        Assert.Equal(0, await sample.EndAsync());
    }

    [Theory, MemberData(nameof(All))]
    public async Task S23_it_comes_back_to_a_sidecar_that_was_away_and_adapts_to_what_it_missed(string name, string language)
    {
        await using var pod = await node.StartPodAsync();
        var sample = pod.Run(name, language);
        await sample.SaysAsync($"generation {pod.Generation}: seeded anew");

        var missed = await pod.MissABumpAsync();

        await sample.SaysAsync($"generation {missed}: seeded anew");
        await pod.AllHaveAdaptedAsync(watchers: 1);
    }
}
