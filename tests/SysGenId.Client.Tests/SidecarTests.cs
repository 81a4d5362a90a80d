using Microsoft.Extensions.Time.Testing;
using SysGenId.Client.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests;

/// <summary>A watcher and the sidecar that counts it.</summary>
public sealed class SidecarTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S05_an_open_watcher_is_counted_and_up_to_date()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var watcher = sidecar.Open();
        Assert.Equal((WatcherMode.Full, 7u, 7u), (watcher.Mode, watcher.Generation, watcher.Acknowledged));
        Assert.Equal((1, 0), sidecar.Counts);
    }

    [Fact]
    public async Task S09_S16_a_bump_makes_it_outdated_and_its_ack_up_to_date_again()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var watcher = sidecar.Open();
        sidecar.Agent.Deliver(8);
        Assert.Equal((1, 1), sidecar.Counts);
        Assert.Equal(AcknowledgeOutcome.NotCurrent, await watcher.AcknowledgeAsync(7, Token));
        Assert.Equal((1, 1), sidecar.Counts);
        Assert.Equal(8u, await watcher.WaitForChangeAsync(Token));
        Assert.Equal(AcknowledgeOutcome.Acknowledged, await watcher.AcknowledgeAsync(8, Token));
        await sidecar.CountsAsync(1, 0);
    }

    [Fact]
    public async Task S11_a_disposed_watcher_counts_no_more()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        var watcher = sidecar.Open();
        sidecar.Agent.Deliver(8);
        Assert.Equal((1, 1), sidecar.Counts);
        watcher.Dispose();
        await sidecar.CountsAsync(0, 0);
    }

    [Fact]
    public async Task S12_an_orchestrator_waits_until_the_others_have_adapted()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var orchestrator = sidecar.Open();
        using var other = sidecar.Open();
        sidecar.Agent.Deliver(8);
        Assert.Equal(WatchersOutcome.Interrupted, await orchestrator.WaitForWatchersAsync(TimeSpan.Zero, Token));
        await orchestrator.AcknowledgeAsync(8, Token);
        var wait = orchestrator.WaitForWatchersAsync(TimeSpan.Zero, Token).AsTask();
        await sidecar.CountsAsync(2, 1);
        Assert.False(wait.IsCompleted);
        await other.AcknowledgeAsync(8, Token);
        Assert.Equal(WatchersOutcome.AllUpToDate, await wait);
    }

    [Fact]
    public async Task S12_a_bump_interrupts_the_wait_and_the_time_ends_it()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var orchestrator = sidecar.Open();
        using var other = sidecar.Open();
        sidecar.Agent.Deliver(8);
        await orchestrator.AcknowledgeAsync(8, Token);
        Assert.Equal(WatchersOutcome.TimedOut, await orchestrator.WaitForWatchersAsync(TimeSpan.FromMilliseconds(50), Token));
        var wait = orchestrator.WaitForWatchersAsync(Timeout.InfiniteTimeSpan, Token).AsTask();
        sidecar.Agent.Deliver(9);
        Assert.Equal(WatchersOutcome.Interrupted, await wait);
    }

    [Fact]
    public async Task S12_a_wait_is_cancelled_by_its_caller_and_ended_by_disposal()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        var orchestrator = sidecar.Open();
        using var other = sidecar.Open();
        sidecar.Agent.Deliver(8);
        await orchestrator.AcknowledgeAsync(8, Token);
        using var cancellation = new CancellationTokenSource();
        var cancelled = orchestrator.WaitForWatchersAsync(TimeSpan.Zero, cancellation.Token).AsTask();
        var ended = orchestrator.WaitForWatchersAsync(TimeSpan.Zero, Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        orchestrator.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ended);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await orchestrator.WaitForWatchersAsync(TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task S13_who_may_forces_a_generation()
    {
        Requires.Root();
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var watcher = sidecar.Open();
        Assert.Equal(ForceOutcome.Forced, await watcher.ForceAsync(100, Token));
        Assert.Equal((100u, GenerationCause.Forced, true), (watcher.Generation, watcher.Read().Cause, watcher.IsOutdated));
        Assert.Equal(ForceOutcome.Forced, await watcher.ForceAsync(uint.MaxValue, Token));
        Assert.Equal(ForceOutcome.Exhausted, await watcher.ForceAsync(0, Token));
    }

    [Fact]
    public async Task A_bump_that_is_asked_for_while_the_sockets_are_closed_waits_for_them_or_for_disposal()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        var (watcher, disposed) = (sidecar.Open(), sidecar.Open());
        sidecar.Agent.Quiesce("c1");
        var force = watcher.ForceAsync(0, Token).AsTask();
        var ended = disposed.ForceAsync(0, Token).AsTask();
        disposed.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ended);
        Assert.False(force.IsCompleted);
        sidecar.Agent.Resume("c1");
        Assert.True(await force is ForceOutcome.Forced or ForceOutcome.PermissionDenied);
        watcher.Dispose();
    }

    [Fact]
    public async Task S12_the_time_of_a_wait_is_that_of_the_given_clock()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        var clock = new FakeTimeProvider();
        using var orchestrator = GenerationWatcher.Open(sidecar.Options with { TimeProvider = clock });
        using var other = sidecar.Open();
        sidecar.Agent.Deliver(8);
        await orchestrator.AcknowledgeAsync(8, Token);
        var wait = orchestrator.WaitForWatchersAsync(TimeSpan.FromDays(40), Token).AsTask();
        clock.Advance(TimeSpan.FromDays(39));
        Assert.False(wait.IsCompleted);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(WatchersOutcome.TimedOut, await wait);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(50 * 24 * 3600)]
    public async Task A_time_that_cannot_be_waited_is_refused(int seconds)
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var watcher = sidecar.Open();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await watcher.WaitForWatchersAsync(TimeSpan.FromSeconds(seconds), Token));
    }

    [Fact]
    public async Task S22_S23_a_watcher_comes_back_after_a_checkpoint_and_says_what_it_handled_last()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var watcher = sidecar.Open();
        var wait = watcher.WaitForChangeAsync(Token).AsTask();
        Assert.Equal(1, sidecar.Agent.Quiesce("c1").Watchers);
        sidecar.Agent.Deliver(8);

        // The page tells, though the sockets are closed.
        Assert.Equal(8u, await wait);
        Assert.Equal(WatcherMode.Full, watcher.Mode);
        sidecar.Agent.Resume("c1");
        await sidecar.ServesAsync();
        await Eventually.HoldsAsync(() => sidecar.Counts == (1, 1));
        await watcher.AcknowledgeAsync(8, Token);
        await sidecar.CountsAsync(1, 0);
    }

    [Fact]
    public async Task S23_an_ack_given_while_the_sockets_are_closed_is_told_with_the_return()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var watcher = sidecar.Open();
        using var other = sidecar.Open();
        sidecar.Agent.Quiesce("c1");
        sidecar.Agent.Deliver(8);
        Assert.Equal(AcknowledgeOutcome.Acknowledged, await watcher.AcknowledgeAsync(8, Token));
        var wait = watcher.WaitForWatchersAsync(TimeSpan.Zero, Token).AsTask();
        sidecar.Agent.Resume("c1");
        await sidecar.ServesAsync();
        await sidecar.CountsAsync(2, 1);
        Assert.False(wait.IsCompleted);
        await other.AcknowledgeAsync(8, Token);
        Assert.Equal(WatchersOutcome.AllUpToDate, await wait);
    }

    [Fact]
    public async Task A_wait_for_watchers_survives_a_checkpoint_without_a_bump()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var orchestrator = sidecar.Open();
        using var other = sidecar.Open();
        sidecar.Agent.Deliver(8);
        await orchestrator.AcknowledgeAsync(8, Token);
        var wait = orchestrator.WaitForWatchersAsync(TimeSpan.Zero, Token).AsTask();
        sidecar.Agent.Quiesce("c1");
        sidecar.Agent.Resume("c1");
        await sidecar.ServesAsync();
        await sidecar.CountsAsync(2, 1);
        Assert.False(wait.IsCompleted);
        await other.AcknowledgeAsync(8, Token);
        Assert.Equal(WatchersOutcome.AllUpToDate, await wait);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_watcher_comes_back_to_a_sidecar_that_started_again(bool killed)
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        using var watcher = sidecar.Open();
        var wait = watcher.WaitForChangeAsync(Token).AsTask();
        await (killed ? sidecar.KillAsync() : sidecar.StopAsync());
        Assert.Equal((WatcherMode.Full, 7u), (watcher.Mode, watcher.Generation));
        await sidecar.StartAsync();
        sidecar.Agent.Deliver(8);
        Assert.Equal(8u, await wait);
        await watcher.AcknowledgeAsync(8, Token);
        await Eventually.HoldsAsync(() => File.Exists(sidecar.ControlPath) && TryCounts(sidecar) == (1, 0));
    }

    [Fact]
    public async Task A_watcher_opened_before_its_sidecar_serves_is_counted_when_it_does()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        sidecar.Agent.Quiesce("c1");
        using var watcher = sidecar.Open();
        Assert.Equal(WatcherMode.Full, watcher.Mode);
        sidecar.Agent.Deliver(8);
        sidecar.Agent.Resume("c1");
        await sidecar.ServesAsync();
        await sidecar.CountsAsync(1, 1);
        Assert.Equal(7u, watcher.Acknowledged);
    }

    [Fact]
    public async Task A_watcher_in_a_directory_whose_sidecar_is_away_finds_it_when_it_is_asked_for()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        await sidecar.StopAsync();
        using var watcher = GenerationWatcher.Open(sidecar.Options with { Patience = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(WatcherMode.PageOnly, watcher.Mode);
        Assert.Equal(WatchersOutcome.Unsupported, await watcher.WaitForWatchersAsync(TimeSpan.Zero, Token));
        await sidecar.StartAsync();
        sidecar.Agent.Deliver(8);
        await sidecar.ServesAsync();
        await watcher.AcknowledgeAsync(8, Token);
        await Eventually.HoldsAsync(async () => await watcher.WaitForWatchersAsync(TimeSpan.Zero, Token) == WatchersOutcome.AllUpToDate);
        Assert.Equal(WatcherMode.Full, watcher.Mode);
        Assert.Equal((1, 0), sidecar.Counts);
    }

    [Fact]
    public async Task S16_acks_bumps_and_checkpoints_in_any_order_leave_exact_counts()
    {
        // A connection that a checkpoint ends before its first word has two places until the grace period ends.
        await using var sidecar = await SidecarUnderTest.AtAsync(1, "--return-grace", "1");
        var watchers = Enumerable.Range(0, 4).Select(_ => sidecar.Open()).ToList();
        using var isOver = new CancellationTokenSource();
        var readers = watchers.Select(watcher => Task.Run(async () =>
        {
            try
            {
                await foreach (var _ in watcher.ReadChangesAsync(isOver.Token))
                {
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        })).ToList();
        for (var round = 0u; round < 30; round++)
        {
            sidecar.Agent.Deliver(2 + round);
            if (round % 5 != 0) continue;
            sidecar.Agent.Quiesce($"c{round}");
            sidecar.Agent.Resume($"c{round}");
        }

        await sidecar.ServesAsync();

        // One that is connected and has yet to say that it comes back counts as up to date.
        await Eventually.HoldsAsync(() => watchers.All(watcher => watcher.Acknowledged == 31));
        await sidecar.CountsAsync(4, 0);
        await isOver.CancelAsync();
        await Task.WhenAll(readers);
        watchers.ForEach(watcher => watcher.Dispose());
        await sidecar.CountsAsync(0, 0);
    }

    private static (int Watchers, int Outdated)? TryCounts(SidecarUnderTest sidecar)
    {
        try
        {
            return sidecar.Counts;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null; // Not yet.
        }
    }
}
