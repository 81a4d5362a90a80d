using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Checkpoints;

/// <summary>S23 in a pod of several containers: places are of the processes that were disconnected.</summary>
public sealed class DisconnectedProcessTests
{
    [Fact]
    public async Task S23_A_process_that_has_ended_is_expected_no_more_and_the_others_are()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var one = await WatchProcess.StartAsync(sidecar, connections: 2);
        await using var other = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(3, 0);
        sidecar.Link.Quiesce("dump");
        sidecar.Link.Resume("dump");
        await sidecar.ServesAsync();
        await sidecar.CountsAsync(3, 0);

        await one.KillAsync();
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Deliver(8);
        await sidecar.CountsAsync(1, 1);
        await other.ReturnAsync(8);
        await sidecar.CountsAsync(1, 0);
    }

    [Fact]
    public async Task S23_A_process_that_ends_while_the_sockets_are_closed_is_expected_no_more()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var one = await WatchProcess.StartAsync(sidecar);
        await using var other = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(2, 0);
        sidecar.Link.Quiesce("dump");
        await one.KillAsync();
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Resume("dump");
        await sidecar.ServesAsync();
        Assert.Equal((1, 0), (sidecar.Page().Watchers, sidecar.Page().Outdated));
    }

    [Fact]
    public async Task S23_Nobody_takes_the_place_of_another_process()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var one = await WatchProcess.StartAsync(sidecar);
        await using var other = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(2, 0);
        sidecar.Link.Quiesce("dump");
        sidecar.Link.Resume("dump");
        await sidecar.ServesAsync();

        // Were it the other's place that it took, the end of that process would leave one too many.
        await one.ReturnAsync(7);
        using var stranger = sidecar.Watch();
        stranger.Write(7);
        using var control = sidecar.Control();
        await Eventually.HoldsAsync(() => control.Request(Operation.Watchers) is { Watchers: 3, Outdated: 0, Expected: 1 });
        await other.KillAsync();
        await Eventually.HoldsAsync(() => control.Request(Operation.Watchers) is { Watchers: 2, Expected: 0 });
    }

    [Fact]
    public async Task S23_The_watchers_of_a_restored_container_take_its_places_and_not_those_of_a_process_that_lives()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var lives = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Quiesce("dump", "app");
        sidecar.Link.Resume("dump");
        await sidecar.ServesAsync();
        sidecar.Link.ExpectWatchers("restored", 1);
        sidecar.Link.Deliver(8);
        await sidecar.CountsAsync(2, 2);

        await using var restored = await WatchProcess.StartAsync(sidecar);
        await restored.SayAsync(8);
        await sidecar.CountsAsync(2, 1);
        await lives.ReturnAsync(8);
        await sidecar.CountsAsync(2, 0);
    }

    [Fact]
    public async Task S23_Those_who_come_back_later_than_the_grace_are_not_waited_for()
    {
        using var sidecar = SidecarUnderTest.At(7, options => options with { ReturnGrace = TimeSpan.FromMinutes(10) });
        await using var process = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Quiesce("one");
        sidecar.Link.Resume("one");
        await sidecar.ServesAsync();
        sidecar.Advance(TimeSpan.FromMinutes(9));
        await sidecar.CountsAsync(1, 0);

        // They cannot come while the sockets are closed again, so the time begins anew.
        sidecar.Link.Quiesce("two");
        sidecar.Clock.Advance(TimeSpan.FromMinutes(2));
        sidecar.Link.Resume("two");
        await sidecar.ServesAsync();
        sidecar.Advance(TimeSpan.FromMinutes(9));
        await sidecar.CountsAsync(1, 0);
        sidecar.Advance(TimeSpan.FromMinutes(2));
        await sidecar.CountsAsync(0, 0);
    }

    [Fact]
    public async Task S23_A_watcher_whose_process_left_its_connection_to_a_child_is_expected_back_whoever_it_is()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var process = await WatchProcess.StartAsync(sidecar, connections: 3);
        await sidecar.CountsAsync(3, 0);
        await process.LeaveAsync();
        var (shown, quiesced) = sidecar.Link.QuiesceShown("dump");
        Assert.Empty(shown);
        Assert.Equal(3, quiesced.Watchers);
        sidecar.Link.Resume("dump");
        await sidecar.ServesAsync();
        sidecar.Link.Deliver(8);
        await sidecar.CountsAsync(3, 3);

        await process.ReturnAsync(8);
        await sidecar.CountsAsync(3, 2);
        Assert.Equal(3, sidecar.Link.QuiesceShown("again").Quiesced.Watchers);
        sidecar.Link.ExpectWatchers("other", 0);
        Assert.Equal(3, sidecar.Link.QuiesceShown("again").Quiesced.Watchers);
        sidecar.Link.ExpectWatchers("app", 0);
        await sidecar.CountsAsync(1, 0);
    }

    [Fact]
    public async Task S16_Up_to_date_and_outdated_watchers_of_one_process_count_as_before_over_two_checkpoints()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var process = await WatchProcess.StartAsync(sidecar, connections: 3);
        await sidecar.CountsAsync(3, 0);
        sidecar.Link.Deliver(8);
        await process.SayAsync(8);
        await sidecar.CountsAsync(3, 2);
        sidecar.Link.Quiesce("one");
        sidecar.Link.Resume("one");
        await sidecar.ServesAsync();
        Assert.Equal((3, 2), (sidecar.Page().Watchers, sidecar.Page().Outdated));

        // The two that are outdated are still away, and waited for.
        await process.ReturnAsync(8);
        using (var control = sidecar.Control())
        {
            await Eventually.HoldsAsync(() => control.Request(Operation.Watchers) is { Watchers: 3, Outdated: 2, Expected: 2 });
        }

        Assert.Equal(3, sidecar.Link.Quiesce("two").Watchers);
        sidecar.Link.Resume("two");
        await sidecar.ServesAsync();
        Assert.Equal((3, 2), (sidecar.Page().Watchers, sidecar.Page().Outdated));
        sidecar.Link.Deliver(9);
        for (var watcher = 3; watcher > 0; watcher--)
        {
            await sidecar.CountsAsync(3, watcher);
            await process.ReturnAsync(9);
        }

        await sidecar.CountsAsync(3, 0);
    }

    [Fact]
    public async Task S23_The_watchers_a_container_was_restored_with_and_that_have_yet_to_come_are_its_own()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var process = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.ExpectWatchers("restored", 5);
        Assert.Equal(1, sidecar.Link.Quiesce("one", "other").Watchers);
        sidecar.Link.Resume("one");
        Assert.Equal(6, sidecar.Link.Quiesce("two", "restored").Watchers);
        Assert.Equal(1, sidecar.Link.Quiesce("three", "other").Watchers);
        sidecar.Link.ExpectWatchers("restored", 0);
        Assert.Equal(1, sidecar.Link.Quiesce("two", "restored").Watchers);
    }
}
