using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.Watchers;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S16: counts, also while watchers come and go.</summary>
public sealed class CountTests : ConformanceTest
{
    private const int Threads = 8;
    private const int Rounds = 12;

    [Theory, Over(Capability.Watchers)]
    public async Task S16_counts_are_exact_after_every_single_step(string over)
    {
        var world = await WorldAsync(over);
        var handles = new List<IWatcherHandle>();
        await CountsAreAsync(world, watchers: 0, outdated: 0);
        for (var count = 1; count <= Threads; count++)
        {
            handles.Add(await OpenAsync(world));
            await CountsAreAsync(world, watchers: count, outdated: 0);
        }

        await world.BumpAsync();
        for (var acked = 1; acked <= Threads / 2; acked++)
        {
            await handles[acked - 1].AcknowledgeAsync(1);
            await CountsAreAsync(world, watchers: Threads, outdated: Threads - acked);
        }

        for (var closed = 1; closed <= Threads; closed++)
        {
            await handles[^closed].DisposeAsync();
            await CountsAreAsync(world, watchers: Threads - closed, outdated: Math.Max(0, Threads / 2 - closed));
        }
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S16_whenever_it_is_looked_the_count_is_one_that_was_so_while_it_was_looked(string over)
    {
        var world = await WorldAsync(over);
        var steps = new OpenAndClosed();
        using var stop = new CancellationTokenSource();
        var looking = Task.Run(() => LookAsync(world, steps, stop.Token));

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() => ComeAndGoAsync(world, steps))));
        await stop.CancelAsync();

        Assert.All(await looking, look => Assert.InRange(look.Counts.Watchers, look.Least, look.Most));
        await CountsAreAsync(world, watchers: 0, outdated: 0);
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S16_bumps_and_acks_amid_comings_and_goings_leave_exact_counts(string over)
    {
        var world = await WorldAsync(over);
        var staying = new List<IWatcherHandle>();
        for (var handle = 0; handle < Threads; handle++) staying.Add(await OpenAsync(world));
        var going = Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() => ComeAndGoAsync(world, new OpenAndClosed()))));
        for (var bump = 0; bump < Rounds; bump++)
        {
            await world.BumpAsync();
            await staying[bump % Threads].AcknowledgeAsync(world.Current);
            var counts = await world.CountsAsync();
            Assert.InRange(counts.Watchers, Threads, 2 * Threads);
            Assert.InRange(counts.Outdated, Threads - 1, counts.Watchers);
        }

        await going;

        // The last bump made all of them outdated, and one has acknowledged since.
        await CountsAreAsync(world, watchers: Threads, outdated: Threads - 1);
    }

    private static async Task ComeAndGoAsync(IGenerationWorld world, OpenAndClosed steps)
    {
        for (var round = 0; round < Rounds; round++)
        {
            steps.BeginOpen();
            var handle = await world.OpenAsync();
            steps.EndOpen();
            steps.BeginClose();
            await handle.DisposeAsync();
            steps.EndClose();
        }
    }

    private static async Task<List<(WatcherCounts Counts, int Least, int Most)>> LookAsync(
        IGenerationWorld world, OpenAndClosed steps, CancellationToken stop)
    {
        var looks = new List<(WatcherCounts, int, int)>();
        while (!stop.IsCancellationRequested)
        {
            var (opened, closed) = steps.Ended;
            var counts = await world.CountsAsync();
            var (opening, closing) = steps.Begun;
            looks.Add((counts, Math.Max(0, opened - closing), opening - closed));
            await Task.Yield();
        }

        return looks;
    }
}
