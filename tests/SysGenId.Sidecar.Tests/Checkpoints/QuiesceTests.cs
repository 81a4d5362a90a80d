using System.Net.Sockets;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Checkpoints;

public sealed class QuiesceTests
{
    private static readonly Message _wait = Message.Request(Operation.WaitWatchers);

    [Fact]
    public async Task S22_once_quiesced_no_connection_is_left_and_none_is_taken()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        using var control = sidecar.Control();
        watcher.Read();
        control.Request(Operation.Get);
        await sidecar.CountsAsync(1, 0);

        var answer = sidecar.Link.Quiesce("one");

        Assert.Equal((1, 7u, sidecar.Page().Id), (answer.Watchers!.Value, answer.Generation!.Value, answer.Id!.Value));
        await watcher.EndsAsync();
        await control.EndsAsync();
        Assert.Throws<SocketException>(sidecar.Watch);
        Assert.False(File.Exists(sidecar.WatchPath) || File.Exists(sidecar.ControlPath));
        Assert.True(sidecar.HasFlag(PageFlags.Quiesced));
    }

    [Fact]
    public async Task S16_watchers_that_are_disconnected_for_a_checkpoint_count_all_the_time()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var current = sidecar.Watch();
        using var outdated = sidecar.Watch();
        await sidecar.CountsAsync(2, 0);
        sidecar.Link.Deliver(8);
        current.Write(8);
        await sidecar.CountsAsync(2, 1);
        sidecar.Link.Quiesce("one");
        Assert.Equal((2, 1), (sidecar.Page().Watchers, sidecar.Page().Outdated));
        Assert.Equal(2, sidecar.Link.Deliver(9).Outdated);
    }

    [Fact]
    public async Task A_client_that_never_stops_writing_does_not_hold_up_a_checkpoint()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var flood = sidecar.Watch();
        await sidecar.CountsAsync(1, 0);
        var writer = new Thread(() =>
        {
            var words = new byte[4096];
            while (!flood.IsEnded) flood.TrySend(words);
        });
        writer.Start();
        Assert.Equal(1, sidecar.Link.Quiesce("one").Watchers);
        writer.Join();
    }

    [Fact]
    public async Task A_wait_ends_with_its_connection_and_never_with_success()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Deliver(8);
        using var control = sidecar.Control();
        control.Send(_wait);
        Assert.Equal(1, control.Request(Operation.Watchers).Outdated);
        sidecar.Link.Quiesce("one");
        Assert.Throws<EndOfStreamException>(() => control.Receive());
    }

    [Fact]
    public async Task S23_after_resume_those_who_were_disconnected_are_expected_back_as_they_were()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var current = sidecar.Watch();
        using var outdated = sidecar.Watch();
        await sidecar.CountsAsync(2, 0);
        sidecar.Link.Deliver(8);
        current.Write(8);
        await sidecar.CountsAsync(2, 1);
        sidecar.Link.Quiesce("one");
        sidecar.Link.Resume("one");
        await sidecar.ServesAsync();
        await sidecar.CountsAsync(2, 1);

        using var control = sidecar.Control();
        Assert.Equal(2, control.Request(Operation.Watchers).Expected);
        using var returnedOutdated = sidecar.Watch();
        returnedOutdated.Write(7);
        await Eventually.HoldsAsync(() => control.Request(Operation.Watchers) is { Watchers: 2, Outdated: 1, Expected: 1 });
        using var returnedCurrent = sidecar.Watch();
        returnedCurrent.Write(8);
        await Eventually.HoldsAsync(() => control.Request(Operation.Watchers) is { Watchers: 2, Outdated: 1, Expected: 0 });
        returnedOutdated.Write(8);
        await sidecar.CountsAsync(2, 0);
    }

    [Fact]
    public async Task Acks_on_their_way_count_before_the_connection_is_closed()
    {
        using var sidecar = SidecarUnderTest.At(7);
        var watchers = Enumerable.Range(0, 50).Select(_ => sidecar.Watch()).ToList();
        await sidecar.CountsAsync(50, 0);
        sidecar.Link.Deliver(8);
        foreach (var watcher in watchers) watcher.Write(8);
        sidecar.Link.Quiesce("one");
        foreach (var watcher in watchers) watcher.Dispose();
        sidecar.Link.Resume("one");
        await sidecar.CountsAsync(50, 0);
    }

    [Fact]
    public async Task S23_a_change_during_the_checkpoint_makes_all_of_them_outdated()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Quiesce("one");
        Assert.Equal(8u, sidecar.Link.Deliver(8).Generation);
        Assert.Equal(8u, sidecar.Page().Generation);
        sidecar.Link.Resume("one");
        await sidecar.ServesAsync();
        await sidecar.CountsAsync(1, 1);
        using var returned = sidecar.Watch();
        Assert.Equal(8u, returned.Read());
        returned.Write(7);
        Assert.Equal(8u, returned.Read());
        returned.Write(8);
        await sidecar.CountsAsync(1, 0);
    }

    [Fact]
    public async Task Of_overlapping_checkpoints_the_last_to_end_opens_the_sockets()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        await sidecar.CountsAsync(1, 0);
        Assert.Equal(1, sidecar.Link.Quiesce("one").Watchers);
        Assert.Equal(1, sidecar.Link.Quiesce("two").Watchers);
        Assert.Equal(1, sidecar.Link.Quiesce("two").Watchers);
        sidecar.Link.Resume("one");
        sidecar.Link.Resume("one");
        sidecar.Link.Resume("never-begun");
        sidecar.Link.Deliver(8);
        Assert.False(File.Exists(sidecar.WatchPath));
        sidecar.Link.Resume("two");
        await sidecar.ServesAsync();
    }

    [Fact]
    public async Task When_the_agent_goes_away_the_checkpoint_is_over()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Link.Quiesce("one");
        sidecar.RestartAgent();
        await sidecar.ServesAsync();
        Assert.False(sidecar.HasFlag(PageFlags.Quiesced));
    }

    [Fact]
    public async Task A_checkpoint_before_the_first_generation_holds_the_sockets_back()
    {
        using var sidecar = SidecarUnderTest.Started();
        using var link = sidecar.Agent.AcceptRegistered();
        Assert.Equal(0, link.Quiesce("one").Watchers);
        link.Deliver(7);
        Assert.False(File.Exists(sidecar.WatchPath));
        link.Resume("one");
        await sidecar.ServesAsync();
    }

    [Fact]
    public async Task S23_watchers_of_a_restored_container_count_as_outdated_until_they_come()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Link.ExpectWatchers("app", 2);
        sidecar.Link.Deliver(8);
        using var control = sidecar.Control();
        control.Send(_wait with { Generation = 8 });
        Assert.Equal(2, control.Request(Operation.Watchers).Outdated);
        using var first = sidecar.Watch();
        first.Write(8);
        await Eventually.HoldsAsync(() => control.Request(Operation.Watchers) is { Watchers: 2, Outdated: 1, Expected: 1 });
        using var second = sidecar.Watch();
        second.Write(7);
        await Eventually.HoldsAsync(() => control.Request(Operation.Watchers) is { Watchers: 2, Outdated: 1, Expected: 0 });
        second.Write(8);
        Assert.Equal((true, 8u), (control.Receive() is var answer ? (answer.Ok!.Value, answer.Generation!.Value) : default));
    }

    [Fact]
    public async Task S23_after_a_checkpoint_the_grace_begins_when_the_sockets_open_again()
    {
        using var sidecar = SidecarUnderTest.At(7, options => options with { ReturnGrace = TimeSpan.FromMinutes(10) });
        using var watcher = sidecar.Watch();
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Quiesce("one");
        sidecar.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(1, sidecar.Link.Deliver(8).Outdated);
        sidecar.Link.Resume("one");
        await sidecar.ServesAsync();
        sidecar.Advance(TimeSpan.FromMinutes(9));
        await sidecar.CountsAsync(1, 1);
        sidecar.Advance(TimeSpan.FromMinutes(2));
        await sidecar.CountsAsync(0, 0);
    }

    [Fact]
    public async Task S23_those_who_never_come_are_forgotten_when_the_grace_ends_and_waits_end()
    {
        using var sidecar = SidecarUnderTest.At(7, options => options with { ReturnGrace = TimeSpan.FromMinutes(10) });
        sidecar.Link.ExpectWatchers("app", 2);
        sidecar.Link.Deliver(8);
        using var control = sidecar.Control();
        control.Send(_wait);
        Assert.Equal(2, control.Request(Operation.Watchers).Outdated);
        sidecar.Advance(TimeSpan.FromMinutes(9));
        Assert.True(control.IsSilent);
        sidecar.Advance(TimeSpan.FromMinutes(2));
        Assert.True(control.Receive().Ok);
        await sidecar.CountsAsync(0, 0);
    }

    [Fact]
    public async Task A_container_restored_where_it_was_checkpointed_is_expected_once()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var container = await WatchProcess.StartAsync(sidecar, connections: 3);
        await sidecar.CountsAsync(3, 0);
        sidecar.Link.Quiesce("one", "app");
        await container.KillAsync();
        sidecar.Link.Resume("one");
        sidecar.Link.ExpectWatchers("app", 3);
        sidecar.Link.Deliver(8);
        await sidecar.CountsAsync(3, 3);
    }

    [Fact]
    public async Task A_container_that_has_ended_is_expected_no_more()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Link.ExpectWatchers("app", 2);
        sidecar.Link.ExpectWatchers("other", 1);
        await sidecar.CountsAsync(3, 3);
        sidecar.Link.ExpectWatchers("app", 0);
        await sidecar.CountsAsync(1, 1);
    }

    [Fact]
    public async Task A_checkpoint_that_claims_millions_of_watchers_cannot_claim_more_than_can_be()
    {
        using var sidecar = SidecarUnderTest.At(7, options => options with { MaximumWatchers = 5 });
        sidecar.Link.ExpectWatchers("app", int.MaxValue);
        await sidecar.CountsAsync(5, 5);
    }

    [Fact]
    public async Task Many_checkpoints_in_a_row_leave_everything_as_it_was()
    {
        using var sidecar = SidecarUnderTest.At(7);
        for (var round = 0; round < 50; round++)
        {
            using var watcher = sidecar.Watch();
            watcher.Write(7);
            await sidecar.CountsAsync(1, 0);
            Assert.Equal(1, sidecar.Link.Quiesce($"{round}").Watchers);
            await watcher.EndsAsync();
            sidecar.Link.Resume($"{round}");
            await sidecar.ServesAsync();
        }
    }
}
