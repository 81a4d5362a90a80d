using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S12: waiting until nobody is outdated, and its four ends.</summary>
public sealed class WaitTests : ConformanceTest
{
    [Theory, Over(Capability.Watchers)]
    public async Task S12_a_wait_succeeds_at_once_while_nobody_is_outdated(string over)
    {
        var world = await WorldAsync(over, 40);
        Assert.Equal(Outcome.Success, await world.WaitForWatchersAsync(TimeSpan.Zero).InTimeAsync());
        var watcher = await OpenAsync(world);
        Assert.Equal(Outcome.Success, await world.WaitForWatchersAsync(TimeSpan.Zero).InTimeAsync());
        Assert.Equal(Outcome.Success, await watcher.WaitForWatchersAsync(TimeSpan.Zero).InTimeAsync());
        Assert.Equal(Outcome.Success, await watcher.WaitForWatchersAsync(Patience).InTimeAsync());
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S12_a_wait_without_a_limit_succeeds_when_the_last_of_many_acknowledges(string over)
    {
        var world = await WorldAsync(over, 40);
        var (one, two, caller) = (await OpenAsync(world), await OpenAsync(world), await OpenAsync(world));
        await world.BumpAsync();
        await caller.AcknowledgeAsync(41);
        var waits = new List<Task<Outcome>> { caller.WaitForWatchersAsync(TimeSpan.Zero), world.WaitForWatchersAsync(TimeSpan.Zero) };
        await world.SettleAsync();

        await one.AcknowledgeAsync(41);
        await two.AcknowledgeAsync(40);
        await world.SettleAsync();
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        await two.AcknowledgeAsync(41);

        Assert.Equal([Outcome.Success, Outcome.Success], await Task.WhenAll(waits).InTimeAsync());
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S12_a_caller_that_is_outdated_at_the_call_gets_EINTR_at_once(string over)
    {
        var world = await WorldAsync(over, 40);
        var (caller, other) = (await OpenAsync(world), await OpenAsync(world));
        await world.BumpAsync();
        await other.AcknowledgeAsync(41);

        Assert.Equal(Outcome.Interrupted, await caller.WaitForWatchersAsync(TimeSpan.Zero).InTimeAsync());
        Assert.Equal(Outcome.Interrupted, await caller.WaitForWatchersAsync(Patience).InTimeAsync());

        await CountsAreAsync(world, watchers: 2, outdated: 1);
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S12_a_bump_interrupts_every_wait_also_of_one_who_is_no_watcher(string over)
    {
        var world = await WorldAsync(over, 40);
        var (caller, outdated) = (await OpenAsync(world), await OpenAsync(world));
        await world.BumpAsync();
        await caller.AcknowledgeAsync(41);
        var waits = new List<Task<Outcome>> { caller.WaitForWatchersAsync(TimeSpan.Zero), world.WaitForWatchersAsync(TimeSpan.Zero) };
        await world.SettleAsync();
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);

        await world.BumpAsync();

        Assert.Equal([Outcome.Interrupted, Outcome.Interrupted], await Task.WhenAll(waits).InTimeAsync());
        await outdated.DisposeAsync();
        Assert.Equal(Outcome.Interrupted, await caller.WaitForWatchersAsync(TimeSpan.Zero).InTimeAsync());
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S12_a_wait_whose_time_is_up_gets_ETIME_and_changes_nothing(string over)
    {
        var world = await WorldAsync(over, 40);
        var (caller, outdated) = (await OpenAsync(world), await OpenAsync(world));
        await world.BumpAsync();
        await caller.AcknowledgeAsync(41);

        Assert.Equal(Outcome.TimedOut, await caller.WaitForWatchersAsync(Shortly).InTimeAsync());
        Assert.Equal(Outcome.TimedOut, await world.WaitForWatchersAsync(Shortly).InTimeAsync());

        await CountsAreAsync(world, watchers: 2, outdated: 1);
        await outdated.AcknowledgeAsync(41);
        Assert.Equal(Outcome.Success, await caller.WaitForWatchersAsync(Patience).InTimeAsync());
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S12_a_caller_that_is_a_watcher_counts_like_any_other(string over)
    {
        var world = await WorldAsync(over, 40);
        var caller = await OpenAsync(world);
        await world.BumpAsync();

        // Others wait for it as it would for them.
        var waiting = world.WaitForWatchersAsync(TimeSpan.Zero);
        await world.SettleAsync();
        Assert.False(waiting.IsCompleted);
        Assert.Equal(Outcome.Interrupted, await caller.WaitForWatchersAsync(TimeSpan.Zero).InTimeAsync());
        await world.SettleAsync();
        Assert.False(waiting.IsCompleted);

        await caller.AcknowledgeAsync(41);

        Assert.Equal(Outcome.Success, await waiting.InTimeAsync());
        Assert.Equal(Outcome.Success, await caller.WaitForWatchersAsync(TimeSpan.Zero).InTimeAsync());
    }
}
