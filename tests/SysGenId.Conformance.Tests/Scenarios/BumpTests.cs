using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Watchers;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S04 and S05: a bump for those who watch, and those who come after it.</summary>
public sealed class BumpTests : ConformanceTest
{
    private const int Bumps = 100;
    private const int Watchers = 3;

    [Theory, Over(Capability.Watchers)]
    public async Task S04_whoever_sees_the_new_generation_sees_every_watcher_outdated(string over)
    {
        var world = await WorldAsync(over);
        for (var watcher = 0; watcher < Watchers; watcher++) await OpenAsync(world);
        using var stop = new CancellationTokenSource();
        var looking = Task.Run(() => LookAsync(world, stop.Token), CancellationToken.None);

        for (var bump = 0; bump < Bumps; bump++) await world.BumpAsync();
        await stop.CancelAsync();

        Assert.All(await looking, seen => Assert.Equal((Watchers, seen.Generation == 0 ? 0 : Watchers), (seen.Watchers, seen.Outdated)));
    }

    [Theory, Over(Capability.BlockingRead, Capability.Page)]
    public async Task S04_no_reader_that_was_woken_can_read_the_old_value(string over)
    {
        var world = await WorldAsync<IPagedWorld>(over);
        using var page = CounterPageReader.Open(world.PagePath);
        var watchers = new List<IBlockingHandle>();
        for (var watcher = 0; watcher < Watchers; watcher++) watchers.Add(await OpenAsync<IBlockingHandle>(world));

        for (var generation = 1u; generation <= Bumps / 4; generation++)
        {
            var readers = watchers.Select(async watcher => (await watcher.ReadAsync(CancellationToken.None), page.Generation)).ToList();
            await world.BumpAsync();
            foreach (var (read, onPage) in await Task.WhenAll(readers).InTimeAsync())
            {
                Assert.Equal(ReadResult.Of(generation), read);
                Assert.Equal(generation, onPage);
            }

            foreach (var watcher in watchers) Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(generation));
        }
    }

    [Theory, Over(Capability.Page)]
    public async Task S04_no_sleeper_on_the_page_that_was_woken_can_count_who_is_not_outdated_yet(string over)
    {
        var world = await WorldAsync<IPagedWorld>(over);
        var watcher = await OpenAsync(world);
        using var page = CounterPageReader.Open(world.PagePath);

        for (var generation = 1u; generation <= Bumps / 4; generation++)
        {
            var handled = generation - 1;
            var sleeper = Task.Run(() => page.WaitForChange(handled, Patience));
            await world.BumpAsync();
            Assert.Equal(generation, await sleeper);
            Assert.Equal(1, (await world.CountsAsync()).Outdated);
            Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(generation));
        }
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S04_readers_pollers_and_waiters_all_hear_of_one_bump(string over)
    {
        var world = await WorldAsync(over);
        var (reader, poller, waiter) = (await OpenAsync(world), await OpenAsync(world), await OpenAsync(world));
        await world.BumpAsync();
        await reader.AcknowledgeAsync(1);
        await waiter.AcknowledgeAsync(1);
        var waiting = waiter.WaitForWatchersAsync(TimeSpan.Zero);
        await world.SettleAsync();
        Assert.False(waiting.IsCompleted);

        await world.BumpAsync();

        Assert.Equal(Outcome.Interrupted, await waiting.InTimeAsync());
        Assert.Equal(ReadResult.Of(2), await reader.TryReadAsync());
        Assert.True(await poller.IsReadableAsync());
        Assert.Equal(ReadResult.Of(2), await poller.TryReadAsync());
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S05_who_opens_is_up_to_date_whatever_happened_before(string over)
    {
        var world = await WorldAsync(over, 5);
        var early = await OpenAsync(world);
        for (var bump = 0; bump < Watchers; bump++) await world.BumpAsync();

        var late = await OpenAsync(world);

        Assert.Equal(ReadResult.WouldBlock, await late.TryReadAsync());
        Assert.False(await late.IsReadableAsync());
        await CountsAreAsync(world, watchers: 2, outdated: 1);
        Assert.Equal(ReadResult.Of(8), await early.TryReadAsync());

        await world.BumpAsync();

        Assert.Equal(ReadResult.Of(9), await late.TryReadAsync());
        await CountsAreAsync(world, watchers: 2, outdated: 2);
    }

    private static async Task<List<WatcherCounts>> LookAsync(IGenerationWorld world, CancellationToken stop)
    {
        var seen = new List<WatcherCounts>();
        do
        {
            seen.Add(await world.CountsAsync());
            await Task.Yield();
        }
        while (!stop.IsCancellationRequested);

        return seen;
    }
}
