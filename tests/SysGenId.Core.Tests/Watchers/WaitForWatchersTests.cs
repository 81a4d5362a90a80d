using SysGenId.Core.Watchers;

namespace SysGenId.Core.Tests.Watchers;

public sealed class WaitForWatchersTests
{
    private readonly WatcherRegistry _registry = new(0);

    [Fact]
    public void S12_A_wait_ends_at_once_when_nobody_is_outdated()
    {
        _registry.Open();
        Assert.Equal(WaitOutcome.UpToDate, _registry.BeginWait(0, null).Outcome);
        Assert.Equal(WaitOutcome.UpToDate, _registry.BeginWait(null, null).Outcome);
        AssertNoneEnded();
    }

    [Fact]
    public void S12_An_outdated_caller_is_interrupted_at_once_also_when_nobody_else_is()
    {
        _registry.TryBump(0);
        Assert.Equal(WaitOutcome.Interrupted, _registry.BeginWait(0, null).Outcome);
        AssertNoneEnded();
    }

    [Fact]
    public void S12_The_last_ack_ends_every_wait_with_success()
    {
        var watchers = OutdatedWatchers(2);
        var (first, second) = (_registry.BeginWait(1, "first"), _registry.BeginWait(null, "second"));
        _registry.Acknowledge(watchers[0], 1);
        Assert.Equal(WaitOutcome.Pending, first.Outcome);
        AssertNoneEnded();
        _registry.Acknowledge(watchers[1], 1);
        AssertEnded(first, WaitOutcome.UpToDate, "first");
        AssertEnded(second, WaitOutcome.UpToDate, "second");
        AssertNoneEnded();
    }

    [Fact]
    public void S11_S12_The_close_of_the_last_outdated_watcher_ends_a_wait_with_success()
    {
        var watcher = OutdatedWatchers(1)[0];
        var wait = _registry.BeginWait(1, null);
        _registry.Close(watcher);
        AssertEnded(wait, WaitOutcome.UpToDate, null);
    }

    [Fact]
    public void S12_A_bump_interrupts_every_wait()
    {
        OutdatedWatchers(1);
        var wait = _registry.BeginWait(1, null);
        _registry.TryBump(0);
        AssertEnded(wait, WaitOutcome.Interrupted, null);
    }

    [Fact]
    public void S02_S12_A_refused_bump_interrupts_nobody()
    {
        var registry = new WatcherRegistry(uint.MaxValue);
        registry.Expect("container", 1, null);
        var wait = registry.BeginWait(uint.MaxValue, null);
        registry.TryBump(0);
        Assert.Equal(WaitOutcome.Pending, wait.Outcome);
    }

    [Fact]
    public void S12_A_wait_whose_time_is_up_is_not_handed_out_by_later_operations()
    {
        OutdatedWatchers(1);
        var wait = _registry.BeginWait(1, null);
        _registry.EndWait(wait);
        Assert.Equal(WaitOutcome.TimedOut, wait.Outcome);
        _registry.TryBump(0);
        AssertNoneEnded();
        Assert.Equal(WaitOutcome.TimedOut, wait.Outcome);
    }

    [Fact]
    public void S12_A_wait_that_ended_before_its_time_was_up_keeps_its_outcome_and_is_handed_out_once()
    {
        var watcher = OutdatedWatchers(1)[0];
        var wait = _registry.BeginWait(1, null);
        _registry.Acknowledge(watcher, 1);
        _registry.EndWait(wait);
        AssertEnded(wait, WaitOutcome.UpToDate, null);
        AssertNoneEnded();
    }

    [Fact]
    public void S12_S23_A_wait_right_after_a_restore_does_not_succeed_before_the_watchers_are_back()
    {
        _registry.Expect("container", 1, 0);
        _registry.TryBump(0);
        var wait = _registry.BeginWait(1, null);
        var watcher = _registry.Open();
        AssertNoneEnded();
        _registry.Acknowledge(watcher, 0);
        AssertNoneEnded();
        _registry.Acknowledge(watcher, 1);
        AssertEnded(wait, WaitOutcome.UpToDate, null);
    }

    [Fact]
    public void S12_S23_The_end_of_the_grace_period_ends_a_wait_with_success()
    {
        _registry.Expect("container", 1, null);
        var wait = _registry.BeginWait(0, null);
        _registry.ForgetExpected("container");
        AssertEnded(wait, WaitOutcome.UpToDate, null);
    }

    private List<Watcher> OutdatedWatchers(int count)
    {
        var watchers = Enumerable.Range(0, count).Select(_ => _registry.Open()).ToList();
        _registry.TryBump(0);
        return watchers;
    }

    private void AssertEnded(WatcherWait expected, WaitOutcome outcome, string? owner)
    {
        Assert.True(_registry.TryTakeEndedWait(out var wait));
        Assert.Same(expected, wait);
        Assert.Equal(outcome, wait.Outcome);
        Assert.Equal(owner, wait.Owner);
    }

    private void AssertNoneEnded() => Assert.False(_registry.TryTakeEndedWait(out _));
}
