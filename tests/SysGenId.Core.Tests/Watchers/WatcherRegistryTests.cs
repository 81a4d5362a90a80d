using SysGenId.Core.Watchers;

namespace SysGenId.Core.Tests.Watchers;

public sealed class WatcherRegistryTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(0x8000_0000u)]
    [InlineData(uint.MaxValue)]
    public void S01_A_registry_begins_at_its_generation_with_nobody_watching(uint generation) =>
        Assert.Equal(new WatcherCounts(generation, 0, 0, 0), new WatcherRegistry(generation).Counts);

    [Fact]
    public void S02_At_the_last_number_a_bump_is_refused_and_nobody_becomes_outdated()
    {
        var registry = new WatcherRegistry(uint.MaxValue);
        var watcher = registry.Open();
        Assert.False(registry.TryBump(0));
        Assert.Equal(new WatcherCounts(uint.MaxValue, 1, 0, 0), registry.Counts);
        Assert.False(registry.IsOutdated(watcher, out _));
    }

    [Fact]
    public void S03_A_bump_reaches_its_minimum()
    {
        var registry = new WatcherRegistry(3);
        Assert.True(registry.TryBump(901));
        Assert.Equal(901u, registry.Generation);
        Assert.True(registry.TryBump(5));
        Assert.Equal(902u, registry.Generation);
    }

    [Fact]
    public void S04_A_bump_marks_every_watcher_outdated_and_publishes_its_value_in_one_step()
    {
        var registry = new WatcherRegistry(1);
        var watchers = new[] { registry.Open(), registry.Open(), registry.Open() };
        registry.TryBump(0);
        Assert.Equal(new WatcherCounts(2, 3, 3, 0), registry.Counts);
        foreach (var watcher in watchers)
        {
            Assert.True(registry.IsOutdated(watcher, out var generation));
            Assert.Equal(2u, generation);
        }
    }

    [Fact]
    public void S05_A_new_watcher_is_up_to_date_whatever_happened_before()
    {
        var registry = new WatcherRegistry(0);
        registry.TryBump(41);
        registry.TryBump(0);
        Assert.False(registry.IsOutdated(registry.Open(), out var generation));
        Assert.Equal(42u, generation);
        Assert.Equal(0, registry.Counts.Outdated);
    }

    [Fact]
    public void S09_S10_A_watcher_is_outdated_from_the_bump_until_it_acks_the_current_generation()
    {
        var registry = new WatcherRegistry(0x7FFF_FFFF);
        var watcher = registry.Open();
        registry.TryBump(0);
        Assert.True(registry.IsOutdated(watcher, out _));
        Assert.True(registry.IsOutdated(watcher, out var generation));
        Assert.Equal(AckOutcome.Acknowledged, registry.Acknowledge(watcher, generation));
        Assert.False(registry.IsOutdated(watcher, out _));
        Assert.Equal(new WatcherCounts(0x8000_0000, 1, 0, 0), registry.Counts);
    }

    [Fact]
    public void S09_An_ack_of_another_value_is_refused_and_changes_nothing()
    {
        var registry = new WatcherRegistry(10);
        var watcher = registry.Open();
        registry.Acknowledge(watcher, 10);
        Assert.Equal(AckOutcome.NotCurrent, registry.Acknowledge(watcher, 9));
        Assert.Equal(AckOutcome.NotCurrent, registry.Acknowledge(watcher, 11));
        Assert.False(registry.IsOutdated(watcher, out _));
        registry.TryBump(0);
        Assert.Equal(AckOutcome.NotCurrent, registry.Acknowledge(watcher, 10));
        Assert.Equal(AckOutcome.NotCurrent, registry.Acknowledge(watcher, uint.MaxValue));
        Assert.Equal(new WatcherCounts(11, 1, 1, 0), registry.Counts);
    }

    [Fact]
    public void S09_An_ack_by_an_up_to_date_watcher_succeeds_and_changes_nothing()
    {
        var registry = new WatcherRegistry(10);
        var watcher = registry.Open();
        Assert.Equal(AckOutcome.Acknowledged, registry.Acknowledge(watcher, 10));
        Assert.Equal(AckOutcome.Acknowledged, registry.Acknowledge(watcher, 10));
        Assert.Equal(new WatcherCounts(10, 1, 0, 0), registry.Counts);
    }

    [Fact]
    public void S09_An_ack_that_arrives_after_the_next_bump_leaves_the_watcher_outdated()
    {
        var registry = new WatcherRegistry(10);
        var watcher = registry.Open();
        registry.Acknowledge(watcher, 10);
        registry.TryBump(0);
        registry.TryBump(0);
        Assert.Equal(AckOutcome.NotCurrent, registry.Acknowledge(watcher, 11));
        Assert.True(registry.IsOutdated(watcher, out _));
    }

    [Fact]
    public void S11_Closing_an_outdated_watcher_lowers_both_counts()
    {
        var registry = new WatcherRegistry(0);
        var (first, second) = (registry.Open(), registry.Open());
        registry.TryBump(0);
        registry.Close(first);
        Assert.Equal(new WatcherCounts(1, 1, 1, 0), registry.Counts);
        registry.Acknowledge(second, 1);
        registry.Close(second);
        Assert.Equal(new WatcherCounts(1, 0, 0, 0), registry.Counts);
    }

    [Fact]
    public void S11_Closing_twice_is_closing_once()
    {
        var registry = new WatcherRegistry(0);
        var (first, _) = (registry.Open(), registry.Open());
        registry.TryBump(0);
        registry.Close(first);
        registry.Close(first);
        Assert.Equal(new WatcherCounts(1, 1, 1, 0), registry.Counts);
    }

    [Fact]
    public void S11_A_closed_watcher_is_not_outdated_and_acks_nothing()
    {
        var registry = new WatcherRegistry(0);
        var watcher = registry.Open();
        registry.Expect("container", 1, null);
        registry.Close(watcher);
        registry.TryBump(0);
        Assert.False(registry.IsOutdated(watcher, out _));
        Assert.Equal(AckOutcome.Closed, registry.Acknowledge(watcher, 1));
        Assert.Equal(1, registry.Counts.Expected);
    }

    [Fact]
    public void S16_A_first_word_from_the_future_leaves_the_counts_exact_when_the_counter_gets_there()
    {
        var registry = new WatcherRegistry(50);
        var watcher = registry.Open();
        Assert.Equal(AckOutcome.NotCurrent, registry.Acknowledge(watcher, 100));
        Assert.True(registry.IsOutdated(watcher, out _));
        registry.TryBump(100);
        Assert.True(registry.IsOutdated(watcher, out _));
        Assert.Equal(1, registry.Counts.Outdated);
        Assert.Equal(AckOutcome.Acknowledged, registry.Acknowledge(watcher, 100));
        Assert.Equal(0, registry.Counts.Outdated);
        registry.Close(watcher);
        Assert.Equal(new WatcherCounts(100, 0, 0, 0), registry.Counts);
    }
}
