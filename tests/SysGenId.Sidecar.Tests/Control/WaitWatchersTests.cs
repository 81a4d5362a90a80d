using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;

namespace SysGenId.Sidecar.Tests.Control;

public sealed class WaitWatchersTests
{
    private static readonly Message _wait = Message.Request(Operation.WaitWatchers);

    [Fact]
    public void S12_with_nobody_outdated_it_succeeds_at_once()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        var answer = control.Request(_wait with { TimeoutMs = 0, Generation = 7 });
        Assert.Equal((true, 7u), (answer.Ok!.Value, answer.Generation!.Value));
    }

    [Fact]
    public async Task S12_it_succeeds_once_the_last_watcher_has_acked()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var first = sidecar.Watch();
        using var second = sidecar.Watch();
        using var control = await OutdatedAsync(sidecar, watchers: 2);
        control.Send(_wait);
        first.Write(8);
        await sidecar.CountsAsync(2, 1);
        Assert.True(control.IsSilent);
        second.Write(8);
        var answer = control.Receive();
        Assert.Equal((true, 8u), (answer.Ok!.Value, answer.Generation!.Value));
    }

    [Fact]
    public async Task S11_it_succeeds_when_the_last_outdated_watcher_closes()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        using var control = await OutdatedAsync(sidecar, watchers: 1);
        control.Send(_wait);
        watcher.Dispose();
        Assert.True(control.Receive().Ok);
    }

    [Fact]
    public void S12_a_caller_that_is_outdated_is_interrupted_at_once()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        Assert.Equal(ErrorCode.Interrupted, control.Request(_wait with { Generation = 6 }).Error);
    }

    [Fact]
    public async Task S12_a_bump_interrupts_it_before_the_bump_is_confirmed()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        using var control = await OutdatedAsync(sidecar, watchers: 1);
        control.Send(_wait with { Generation = 8 });
        control.Send(Message.Request(Operation.Get));
        control.Receive();
        sidecar.Link.Deliver(9);
        Assert.False(control.IsSilent);
        Assert.Equal(ErrorCode.Interrupted, control.Receive().Error);
    }

    [Fact]
    public async Task S12_its_time_ends_with_the_number_of_outdated_watchers()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        using var control = await OutdatedAsync(sidecar, watchers: 1);
        control.Send(_wait with { TimeoutMs = 600_000 });
        control.Send(Message.Request(Operation.Get));
        control.Receive();
        sidecar.Advance(TimeSpan.FromMinutes(9));
        Assert.True(control.IsSilent);
        sidecar.Advance(TimeSpan.FromMinutes(2));
        var answer = control.Receive();
        Assert.Equal((ErrorCode.TimedOut, 1), (answer.Error, answer.Outdated!.Value));
    }

    [Fact]
    public async Task The_longest_time_there_is_is_no_limit()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        using var control = await OutdatedAsync(sidecar, watchers: 1);
        control.Send(_wait with { TimeoutMs = long.MaxValue });
        Assert.True(control.Request(Operation.Get).Ok);
        watcher.Write(8);
        Assert.True(control.Receive().Ok);
    }

    [Fact]
    public async Task While_it_waits_other_requests_are_answered_but_no_second_wait()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        using var control = await OutdatedAsync(sidecar, watchers: 1);
        control.Send(_wait);
        Assert.Equal(1, control.Request(Operation.Watchers).Outdated);
        Assert.Equal(ErrorCode.InvalidArgument, control.Request(_wait).Error);
        watcher.Write(8);
        Assert.True(control.Receive().Ok);
        Assert.True(control.Request(_wait).Ok);
    }

    [Fact]
    public async Task A_caller_that_leaves_is_forgotten()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        using (var control = await OutdatedAsync(sidecar, watchers: 1))
        {
            control.Send(_wait with { TimeoutMs = 1000 });
            control.Request(Operation.Get);
        }

        sidecar.Advance(TimeSpan.FromSeconds(2));
        watcher.Write(8);
        await sidecar.CountsAsync(1, 0);
        await sidecar.ServesAsync();
    }

    private static async Task<LineClient> OutdatedAsync(SidecarUnderTest sidecar, int watchers)
    {
        await sidecar.CountsAsync(watchers, 0);
        sidecar.Link.Deliver(8);
        return sidecar.Control();
    }
}
