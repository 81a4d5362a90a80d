using SysGenId.Client.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests;

/// <summary>Everything that the page alone gives. Alone, as the threads of the whole process are looked at.</summary>
[Collection(nameof(PageOnlyTests)), CollectionDefinition(nameof(PageOnlyTests), DisableParallelization = true)]
public sealed class PageOnlyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S05_a_watcher_is_up_to_date_when_it_is_opened()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        Assert.Equal((7u, 7u, false, WatcherMode.PageOnly), (watcher.Generation, watcher.Acknowledged, watcher.IsOutdated, watcher.Mode));
        Assert.Equal(WatchersOutcome.Unsupported, await watcher.WaitForWatchersAsync(TimeSpan.Zero, Token));
        Assert.Equal(ForceOutcome.Unsupported, await watcher.ForceAsync(0, Token));
    }

    [Fact]
    public void S07_a_read_that_does_not_wait_has_nothing_while_up_to_date()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        Assert.False(watcher.TryRead(out var generation));
        Assert.Equal(7u, generation);
        page.Bump();
        Assert.True(watcher.TryRead(out generation));
        Assert.Equal(8u, generation);
    }

    [Fact]
    public async Task S06_a_read_that_waits_sleeps_until_the_bump_and_does_not_ack()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        var wait = watcher.WaitForChangeAsync(Token);
        Assert.False(wait.IsCompleted);
        page.Bump();
        Assert.Equal(8u, await wait);
        Assert.Equal((7u, true), (watcher.Acknowledged, watcher.IsOutdated));
    }

    [Fact]
    public async Task S10_an_outdated_watcher_is_readable_until_it_acks_and_not_after()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        page.Bump();
        for (var read = 0; read < 3; read++)
        {
            var wait = watcher.WaitForChangeAsync(Token);
            Assert.True(wait.IsCompletedSuccessfully);
            Assert.Equal(8u, await wait);
        }

        Assert.Equal(AcknowledgeOutcome.Acknowledged, await watcher.AcknowledgeAsync(8, Token));
        Assert.False(watcher.WaitForChangeAsync(Token).IsCompleted);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public async Task S09_an_ack_of_what_is_not_current_changes_nothing(uint generation)
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        page.Bump();
        Assert.Equal(AcknowledgeOutcome.NotCurrent, await watcher.AcknowledgeAsync(generation, Token));
        Assert.Equal((7u, true), (watcher.Acknowledged, watcher.IsOutdated));
    }

    [Fact]
    public async Task S06_a_wait_is_interruptible_and_the_next_one_is_not_touched()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        using var first = new CancellationTokenSource();
        var interrupted = watcher.WaitForChangeAsync(first.Token).AsTask();
        var other = watcher.WaitForChangeAsync(Token).AsTask();
        await first.CancelAsync();
        var reason = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => interrupted);
        Assert.Equal(first.Token, reason.CancellationToken);
        Assert.False(other.IsCompleted);
        page.Bump();
        Assert.Equal(8u, await other);
    }

    [Fact]
    public async Task S11_who_waits_when_the_watcher_is_closed_is_told_and_reading_the_page_goes_on()
    {
        using var page = new PageUnderTest(7);
        var watcher = page.Open();
        var wait = watcher.WaitForChangeAsync(Token).AsTask();
        watcher.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await watcher.WaitForChangeAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await watcher.AcknowledgeAsync(7, Token));
        page.Bump();
        Assert.Equal(8u, watcher.Generation);
        await watcher.DisposeAsync();
    }

    [Fact]
    public async Task Its_one_thread_ends_with_the_watcher()
    {
        using var page = new PageUnderTest(7);
        for (var round = 0; round < 50; round++)
        {
            using var watcher = page.Open();
            _ = watcher.WaitForChangeAsync(Token).AsTask().ContinueWith(wait => wait.Exception, TaskScheduler.Default);
            _ = watcher.WaitForChangeAsync(Token).AsTask().ContinueWith(wait => wait.Exception, TaskScheduler.Default);
        }

        await Eventually.HoldsAsync(() => !SleeperNames().Any());
    }

    [Fact]
    public async Task S04_no_waiter_of_many_misses_a_bump_or_is_told_an_older_generation()
    {
        const int Bumps = 300;
        using var page = new PageUnderTest(0);
        var watchers = Enumerable.Range(0, 3).Select(_ => page.Open()).ToList();
        var readers = watchers.Select(watcher => Task.Run(() => ReadToAsync(watcher, Bumps))).ToList();
        for (var bump = 0; bump < Bumps; bump++)
        {
            page.Bump();
            if (bump % 7 == 0) await Task.Yield();
        }

        await Task.WhenAll(readers).WaitAsync(Eventually.Patience, TimeProvider.System, Token);
        watchers.ForEach(watcher => watcher.Dispose());
    }

    [Fact]
    public async Task Changes_are_read_each_once_the_newest_wins_and_asking_for_the_next_acks()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        page.Bump();
        page.Bump(Core.Generations.GenerationCause.Forced);
        await using var changes = watcher.ReadChangesAsync(Token).GetAsyncEnumerator(Token);

        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(
            new GenerationInfo(9, page.Id, GenerationCause.Forced, DateTimeOffset.UnixEpoch.AddTicks(17_000_000_001_234_567)), changes.Current);
        Assert.Equal(7u, watcher.Acknowledged);
        var next = changes.MoveNextAsync();
        Assert.False(next.IsCompleted);
        Assert.Equal(9u, watcher.Acknowledged);
        page.Bump();
        Assert.True(await next);
        Assert.Equal(10u, changes.Current.Generation);

        page.Bump();
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((11u, 7u + 2), (changes.Current.Generation, watcher.Acknowledged));
    }

    [Fact]
    public void A_cause_of_a_newer_version_is_an_unknown_one()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        page.Bump((Core.Generations.GenerationCause)77);
        Assert.Equal(GenerationCause.Unknown, watcher.Read().Cause);
    }

    [Fact]
    public void Looking_allocates_nothing()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        page.Bump();
        var sum = 0u;
        Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++) Look();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0u, sum);

        void Look()
        {
            sum += watcher.Generation + (watcher.IsOutdated ? 1u : 0);
            watcher.TryRead(out _);
            sum += watcher.WaitForChangeAsync(Token).Result;
            _ = watcher.AcknowledgeAsync(3, Token).Result;
        }
    }

    private static async Task ReadToAsync(GenerationWatcher watcher, uint last)
    {
        for (var seen = 0u; seen < last;)
        {
            var generation = await watcher.WaitForChangeAsync();
            Assert.True(generation > seen, $"{generation} after {seen}");
            if (await watcher.AcknowledgeAsync(generation) == AcknowledgeOutcome.Acknowledged) seen = generation;
        }
    }

    private static IEnumerable<string> SleeperNames() =>
        Directory.GetDirectories("/proc/self/task").Select(NameOf).Where(name => name == "sysgenid");

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Join(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return ""; // It has ended.
        }
    }
}
