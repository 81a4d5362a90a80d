using SysGenId.Client.Watching;

namespace SysGenId.Client.Tests.Watching;

public sealed class WatcherStateTests
{
    [Fact]
    public void S05_a_watcher_is_up_to_date_at_the_generation_that_greeted_it()
    {
        var state = new WatcherState(3);
        state.Open(5);
        Assert.Equal((5u, true), (state.Acknowledged, state.IsRegistered));
    }

    [Fact]
    public void S09_only_the_current_generation_is_acknowledged()
    {
        var state = Opened(5);
        Assert.Equal(AcknowledgeOutcome.NotCurrent, state.Acknowledge(5, current: 6, out var word));
        Assert.Equal((5u, (uint?)null), (state.Acknowledged, word));
        Assert.Equal(AcknowledgeOutcome.NotCurrent, state.Acknowledge(7, current: 6, out word));
        Assert.Equal((5u, (uint?)null), (state.Acknowledged, word));
        Assert.Equal(AcknowledgeOutcome.Acknowledged, state.Acknowledge(6, current: 6, out word));
        Assert.Equal((6u, (uint?)6), (state.Acknowledged, word));
    }

    [Fact]
    public void S09_an_ack_by_an_up_to_date_watcher_succeeds_and_says_nothing()
    {
        var state = Opened(5);
        Assert.Equal(AcknowledgeOutcome.Acknowledged, state.Acknowledge(5, current: 5, out var word));
        Assert.Null(word);
    }

    [Fact]
    public void S23_a_watcher_that_comes_back_first_says_what_it_handled_last_acks_made_while_it_was_away_included()
    {
        var state = Opened(5);
        state.Disconnected();
        state.Acknowledge(6, current: 6, out var word);
        Assert.Null(word);
        Assert.Equal(6u, state.Connected());
        Assert.Null(state.Heard(6));
    }

    [Fact]
    public void S23_a_watcher_that_was_never_there_takes_nobodys_place()
    {
        var state = new WatcherState(5);
        Assert.Null(state.Connected());
        Assert.Null(state.Heard(5));
        Assert.True(state.IsRegistered);
    }

    [Fact]
    public void A_watcher_registered_later_than_it_was_opened_corrects_what_the_sidecar_took_it_for()
    {
        var state = new WatcherState(5);
        Assert.Null(state.Connected());
        Assert.Equal(5u, state.Heard(6));
        Assert.Null(state.Heard(6));
    }

    [Fact]
    public void An_ack_before_the_greeting_is_told_with_it()
    {
        var state = new WatcherState(5);
        state.Connected();
        state.Acknowledge(7, current: 7, out var word);
        Assert.Null(word);
        Assert.Equal(7u, state.Heard(6));
    }

    private static WatcherState Opened(uint greeting)
    {
        var state = new WatcherState(greeting);
        state.Open(greeting);
        return state;
    }
}
