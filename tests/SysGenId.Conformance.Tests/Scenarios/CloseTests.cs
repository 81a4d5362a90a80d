using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S11: how a watcher ends.</summary>
public sealed class CloseTests : ConformanceTest
{
    [Theory, Over(Capability.Watchers)]
    public async Task S11_closing_an_outdated_watcher_drops_both_counts_and_an_up_to_date_one_drops_one(string over)
    {
        var world = await WorldAsync(over);
        var (outdated, current) = (await OpenAsync(world), await OpenAsync(world));
        await world.BumpAsync();
        await current.AcknowledgeAsync(1);
        await CountsAreAsync(world, watchers: 2, outdated: 1);

        await outdated.DisposeAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 0);

        await current.DisposeAsync();
        await CountsAreAsync(world, watchers: 0, outdated: 0);
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S11_closing_the_last_outdated_watcher_wakes_who_waits_for_it(string over)
    {
        var world = await WorldAsync(over);
        var (one, other) = (await OpenAsync(world), await OpenAsync(world));
        await world.BumpAsync();
        var waiting = world.WaitForWatchersAsync(TimeSpan.Zero);
        await one.DisposeAsync();
        await world.SettleAsync();
        Assert.False(waiting.IsCompleted);

        await other.DisposeAsync();

        Assert.Equal(Outcome.Success, await waiting.InTimeAsync());
    }

    [Theory, Over(Capability.SharedHandle)]
    public async Task S11_a_shared_handle_is_one_watcher_until_its_last_copy_closes(string over)
    {
        var world = await WorldAsync(over);
        var first = await OpenAsync<ISharedHandle>(world);
        var second = await first.ShareAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 0);
        await world.BumpAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 1);

        await first.DisposeAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 1);

        // What one copy says counts for all of them.
        Assert.Equal(Outcome.Success, await second.AcknowledgeAsync(1));
        await CountsAreAsync(world, watchers: 1, outdated: 0);

        await second.DisposeAsync();
        await CountsAreAsync(world, watchers: 0, outdated: 0);
    }

    [Theory, Over(Capability.Crash)]
    public async Task S11_a_process_that_crashes_has_closed_its_watcher(string over)
    {
        var world = await WorldAsync<ICrashingWorld>(over);
        await using var program = await world.WatchElsewhereAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 0);
        await world.BumpAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 1);
        var waiting = world.WaitForWatchersAsync(TimeSpan.Zero);
        await world.SettleAsync();
        Assert.False(waiting.IsCompleted);

        await program.KillAsync();

        Assert.Equal(Outcome.Success, await waiting.InTimeAsync());
        await Eventually.HoldsAsync(async () => (await world.CountsAsync()).Watchers == 0);
    }

    [Theory, Over(Capability.Fork)]
    public async Task S11_a_handle_that_two_processes_have_by_fork_is_one_watcher_until_both_have_crashed(string over)
    {
        var world = await WorldAsync<IForkingWorld>(over);
        await using var program = await world.ForkAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 0);

        await program.KillParentAsync();
        await world.BumpAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 1);
        var waiting = world.WaitForWatchersAsync(TimeSpan.Zero);
        await world.SettleAsync();
        Assert.False(waiting.IsCompleted);

        await program.KillChildAsync();

        Assert.Equal(Outcome.Success, await waiting.InTimeAsync());
        await Eventually.HoldsAsync(async () => (await world.CountsAsync()).Watchers == 0);
    }
}
