using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S13 and S14: what is asked for by name.</summary>
public sealed class ForceTests : ConformanceTest
{
    [Theory, Over(Capability.Force)]
    public async Task S13_force_moves_to_its_minimum_or_by_one_and_outdates_every_watcher(string over)
    {
        var world = await WorldAsync<IForcingWorld>(over, 50);
        var watcher = await OpenAsync(world);
        foreach (var (minimum, expected) in ((uint, uint)[])[(0, 51), (7, 52), (0x9000_0000, 0x9000_0000), (uint.MaxValue, uint.MaxValue)])
        {
            Assert.Equal(new Change(Outcome.Success, expected), await world.ForceAsync(minimum));
            Assert.Equal((expected, ReadResult.Of(expected)), (world.Current, await watcher.TryReadAsync()));
            await CountsAreAsync(world, watchers: 1, outdated: 1);
            await watcher.AcknowledgeAsync(expected);
        }
    }

    [Theory, Over(Capability.Force)]
    public async Task S02_and_S13_force_at_the_last_number_is_refused(string over)
    {
        var world = await WorldAsync<IForcingWorld>(over, uint.MaxValue);
        var watcher = await OpenAsync(world);
        Assert.Equal(new Change(Outcome.Exhausted, uint.MaxValue), await world.ForceAsync(0));
        Assert.Equal((uint.MaxValue, ReadResult.WouldBlock), (world.Current, await watcher.TryReadAsync()));
    }

    [Theory, Over(Capability.Force)]
    public async Task S13_without_a_capability_force_is_EACCES_and_nothing_changes(string over)
    {
        var world = await WorldAsync<IForcingWorld>(over, 50);
        var watcher = await OpenAsync(world);

        Assert.Equal(Outcome.Denied, await world.ForceWithoutRightsAsync());

        Assert.Equal((50u, ReadResult.WouldBlock), (world.Current, await watcher.TryReadAsync()));
        await CountsAreAsync(world, watchers: 1, outdated: 0);
    }

    [Theory, Over(Capability.UnknownOperation)]
    public async Task S14_an_unknown_operation_is_EINVAL_and_the_handle_stays_usable(string over)
    {
        var world = await WorldAsync(over, 50);
        var watcher = await OpenAsync<IOperatingHandle>(world);
        for (var attempt = 0; attempt < 3; attempt++) Assert.Equal(Outcome.Invalid, await watcher.AskForUnknownAsync());

        Assert.Equal(Outcome.Success, await watcher.WaitForWatchersAsync(TimeSpan.Zero).InTimeAsync());
        await world.BumpAsync();
        Assert.Equal(ReadResult.Of(51), await watcher.TryReadAsync());
        Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(51));
        await CountsAreAsync(world, watchers: 1, outdated: 0);
    }
}
