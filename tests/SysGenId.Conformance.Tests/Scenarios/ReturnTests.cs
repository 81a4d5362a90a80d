using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S23: places for watchers that a checkpoint disconnected.</summary>
public sealed class ReturnTests : ConformanceTest
{
    [Theory, Over(Capability.Returning)]
    public async Task S23_watchers_expected_back_count_as_outdated_until_they_have_come_and_acknowledged(string over)
    {
        var world = await WorldAsync<IRememberingWorld>(over, 70);
        await world.BumpAsync();
        await world.ExpectAsync(2);
        await CountsAreAsync(world, watchers: 2, outdated: 2);
        Assert.Equal(Outcome.TimedOut, await world.WaitForWatchersAsync(Shortly));
        var waiting = world.WaitForWatchersAsync(TimeSpan.Zero);
        await world.SettleAsync();

        var first = await world.ReturnAsync(70);
        Assert.Equal(Outcome.Success, await first.AcknowledgeAsync(71));
        await CountsAreAsync(world, watchers: 2, outdated: 1);
        var second = await world.ReturnAsync(70);
        await CountsAreAsync(world, watchers: 2, outdated: 1);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(Outcome.Success, await second.AcknowledgeAsync(71));

        Assert.Equal(Outcome.Success, await waiting.InTimeAsync());
        Assert.Equal(0, (await world.CountsAsync()).Expected);
    }

    [Theory, Over(Capability.Returning)]
    public async Task S23_a_watcher_that_comes_back_is_outdated_if_what_it_handled_is_not_current(string over)
    {
        var world = await WorldAsync<IRememberingWorld>(over, 70);

        // One from elsewhere may have seen more than there is here.
        foreach (var handled in (uint[])[69, 71, 0, uint.MaxValue])
        {
            var outdated = await world.ReturnAsync(handled);
            await CountsAreAsync(world, watchers: 1, outdated: 1);
            Assert.Equal(ReadResult.Of(70), await outdated.TryReadAsync());
            Assert.Equal(Outcome.Success, await outdated.AcknowledgeAsync(70));
            await CountsAreAsync(world, watchers: 1, outdated: 0);
            await outdated.DisposeAsync();
        }

        await using var current = await world.ReturnAsync(70);
        await CountsAreAsync(world, watchers: 1, outdated: 0);
        Assert.Equal(ReadResult.WouldBlock, await current.TryReadAsync());
    }

    [Theory, Over(Capability.Returning)]
    public async Task S23_a_number_that_the_counter_reaches_later_is_not_taken_for_handled(string over)
    {
        var world = await WorldAsync<IRememberingWorld>(over, 70);
        await using var watcher = await world.ReturnAsync(71);
        await world.BumpAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 1);
        Assert.Equal(ReadResult.Of(71), await watcher.TryReadAsync());
    }
}
