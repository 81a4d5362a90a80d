using SysGenId.Core.Watchers;

namespace SysGenId.Core.Tests.Watchers;

public sealed class ReturningWatchersTests
{
    private readonly WatcherRegistry _registry = new(7);

    [Fact]
    public void S23_Watchers_expected_back_count_as_outdated_until_they_come()
    {
        _registry.Expect("container", 2, null);
        Assert.Equal(new WatcherCounts(7, 2, 2, 2), _registry.Counts);
        var (first, second) = (_registry.Open(), _registry.Open());
        Assert.Equal(new WatcherCounts(7, 4, 2, 2), _registry.Counts);
        _registry.Acknowledge(first, 7);
        Assert.Equal(new WatcherCounts(7, 3, 1, 1), _registry.Counts);
        _registry.Acknowledge(second, 7);
        Assert.Equal(new WatcherCounts(7, 2, 0, 0), _registry.Counts);
    }

    [Fact]
    public void S23_A_returning_watcher_that_handled_an_older_generation_is_outdated_until_it_acks()
    {
        _registry.Expect("container", 1, null);
        var watcher = _registry.Open();
        Assert.Equal(AckOutcome.NotCurrent, _registry.Acknowledge(watcher, 6));
        Assert.True(_registry.IsOutdated(watcher, out _));
        Assert.Equal(new WatcherCounts(7, 1, 1, 0), _registry.Counts);
        Assert.Equal(AckOutcome.Acknowledged, _registry.Acknowledge(watcher, 7));
        Assert.Equal(new WatcherCounts(7, 1, 0, 0), _registry.Counts);
    }

    [Fact]
    public void S23_Only_the_first_word_of_a_watcher_takes_a_place()
    {
        _registry.Expect("container", 2, null);
        var watcher = _registry.Open();
        _registry.Acknowledge(watcher, 7);
        _registry.Acknowledge(watcher, 7);
        Assert.Equal(1, _registry.Counts.Expected);
    }

    [Fact]
    public void S23_Watchers_that_had_handled_the_current_generation_are_expected_up_to_date_until_the_next_bump()
    {
        _registry.Expect("container", 3, 7);
        Assert.Equal(new WatcherCounts(7, 3, 0, 3), _registry.Counts);
        _registry.TryBump(0);
        Assert.Equal(new WatcherCounts(8, 3, 3, 3), _registry.Counts);
    }

    [Fact]
    public void S23_Watchers_that_claim_a_future_generation_are_outdated_also_when_the_counter_gets_there()
    {
        _registry.Expect("container", 1, 900);
        Assert.Equal(1, _registry.Counts.Outdated);
        _registry.TryBump(900);
        Assert.Equal(1, _registry.Counts.Outdated);
    }

    [Fact]
    public void S23_Who_comes_back_up_to_date_does_not_stand_for_an_outdated_one_that_is_away()
    {
        _registry.Expect("fresh", 1, 7);
        _registry.Expect("stale", 1, null);
        _registry.Acknowledge(_registry.Open(), 7);
        Assert.Equal(new WatcherCounts(7, 2, 1, 1), _registry.Counts);
        _registry.Acknowledge(_registry.Open(), 6);
        Assert.Equal(new WatcherCounts(7, 2, 1, 0), _registry.Counts);
    }

    [Fact]
    public void S23_Who_comes_back_outdated_takes_the_place_of_an_outdated_one_first()
    {
        _registry.Expect("fresh", 1, 7);
        _registry.Expect("stale", 1, null);
        _registry.Acknowledge(_registry.Open(), 6);
        Assert.Equal(new WatcherCounts(7, 2, 1, 1), _registry.Counts);
        Assert.Equal((0, 0), _registry.ExpectedOf("stale"));
    }

    [Fact]
    public void S23_The_place_of_a_process_is_taken_by_no_watcher_of_another()
    {
        _registry.Expect("process 1", 1, null, process: 1);
        _registry.Acknowledge(_registry.Open(process: 2), 7);
        Assert.Equal(new WatcherCounts(7, 2, 1, 1), _registry.Counts);
        _registry.Acknowledge(_registry.Open(process: 1), 7);
        Assert.Equal(new WatcherCounts(7, 2, 0, 0), _registry.Counts);
    }

    [Fact]
    public void S23_A_process_takes_places_of_its_own_first_those_that_count_as_its_watcher_before_the_others_and_then_those_that_are_anybodys()
    {
        _registry.Expect("anybody", 1, null);
        _registry.Expect("up to date", 1, 7, process: 1);
        _registry.Expect("outdated", 1, null, process: 1);
        var left = new List<(int, int, int)>();
        for (var watcher = 0; watcher < 3; watcher++)
        {
            _registry.Acknowledge(_registry.Open(process: 1), 7);
            left.Add((_registry.ExpectedOf("outdated").Count, _registry.ExpectedOf("up to date").Count, _registry.ExpectedOf("anybody").Count));
        }

        Assert.Equal([(1, 0, 1), (0, 0, 1), (0, 0, 0)], left);
    }

    [Fact]
    public void S23_A_watcher_of_an_unknown_process_may_be_anybody()
    {
        _registry.Expect("up to date", 1, 7);
        _registry.Expect("process 1", 1, null, process: 1);
        _registry.Acknowledge(_registry.Open(), 6);
        Assert.Equal(new WatcherCounts(7, 2, 1, 1), _registry.Counts);
        _registry.Acknowledge(_registry.Open(), 7);
        Assert.Equal(0, _registry.Counts.Expected);
    }

    [Fact]
    public void Of_a_group_is_told_how_many_are_expected_and_how_many_of_those_are_outdated()
    {
        _registry.Expect("container", 3, 7);
        Assert.Equal((3, 0), _registry.ExpectedOf("container"));
        _registry.TryBump(0);
        Assert.Equal((3, 3), _registry.ExpectedOf("container"));
        Assert.Equal((0, 0), _registry.ExpectedOf("never heard of"));
    }

    [Fact]
    public void S23_The_end_of_the_grace_period_forgets_those_who_did_not_come()
    {
        _registry.Expect("one", 2, null);
        _registry.Expect("other", 3, null);
        _registry.ForgetExpected("one");
        Assert.Equal(new WatcherCounts(7, 3, 3, 3), _registry.Counts);
        _registry.ForgetExpected("one");
        _registry.ForgetExpected("never heard of");
        Assert.Equal(3, _registry.Counts.Expected);
    }

    [Fact]
    public void S23_Expecting_the_same_container_again_replaces_what_was_expected()
    {
        _registry.Expect("container", 2, null);
        _registry.Expect("container", 1, null);
        Assert.Equal(1, _registry.Counts.Expected);
        _registry.Expect("container", 0, null);
        Assert.Equal(0, _registry.Counts.Expected);
    }

    [Fact]
    public void S16_Counts_that_strangers_claim_do_not_overflow_into_nobody()
    {
        _registry.Expect("one", int.MaxValue, null);
        _registry.Expect("two", int.MaxValue, null);
        _registry.Expect("three", 2, null);
        _registry.Open();
        Assert.Equal(new WatcherCounts(7, int.MaxValue, int.MaxValue, int.MaxValue), _registry.Counts);
    }
}
