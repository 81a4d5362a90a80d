using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S22 and S23: watchers that a checkpoint disconnects, and the places that are kept for them.</summary>
public sealed class ReturnTests : ConformanceTest
{
    [Theory, Over(Capability.Quiescence)]
    public async Task S22_and_S23_a_watcher_is_counted_all_through_a_checkpoint_and_comes_back_as_up_to_date_as_it_is(string over)
    {
        var world = await WorldAsync<IQuiescingWorld>(over, 80);
        var watcher = await OpenAsync<IReturningHandle>(world);
        await world.BumpAsync();
        Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(81));
        await CountsAreAsync(world, watchers: 1, outdated: 0);

        await world.QuiesceAsync();
        await world.ResumeAsync();
        await IsCountedAsync(world, outdated: 0);
        await watcher.ReturnAsync();

        await CountsAreAsync(world, watchers: 1, outdated: 0);
        Assert.Equal(0, (await world.CountsAsync()).Expected);
        Assert.Equal(ReadResult.WouldBlock, await watcher.TryReadAsync());
        await world.BumpAsync();
        Assert.Equal(ReadResult.Of(82), await watcher.TryReadAsync());
    }

    [Theory, Over(Capability.Quiescence)]
    public async Task S22_and_S23_a_watcher_that_missed_a_bump_during_a_checkpoint_is_outdated_before_and_after_it_is_back(string over)
    {
        var world = await WorldAsync<IQuiescingWorld>(over, 80);
        var watcher = await OpenAsync<IReturningHandle>(world);

        await world.QuiesceAsync();
        await world.BumpAsync();
        await world.ResumeAsync();
        await IsCountedAsync(world, outdated: 1);
        Assert.Equal(Outcome.TimedOut, await world.WaitForWatchersAsync(Shortly));
        await watcher.ReturnAsync();

        await CountsAreAsync(world, watchers: 1, outdated: 1);
        Assert.Equal(0, (await world.CountsAsync()).Expected);
        Assert.Equal(ReadResult.Of(81), await watcher.TryReadAsync());
        Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(81));
        await CountsAreAsync(world, watchers: 1, outdated: 0);
    }

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

    // One that is connected and has yet to say that it comes back is counted beside its place.
    private static async Task IsCountedAsync(IGenerationWorld world, int outdated)
    {
        var counts = await world.CountsAsync();
        Assert.Equal(outdated, counts.Outdated);
        Assert.InRange(counts.Watchers, 1, 2);
    }
}
