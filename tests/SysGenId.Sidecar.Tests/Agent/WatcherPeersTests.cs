using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Agent;

/// <summary>Before it says that its sockets are closed, a sidecar shows the agent whose watchers it disconnected.</summary>
public sealed class WatcherPeersTests
{
    [Fact]
    public async Task S23_The_agent_is_shown_the_process_of_every_watcher_that_is_disconnected()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var here = sidecar.Watch();
        await using var process = await WatchProcess.StartAsync(sidecar, connections: 2);
        await sidecar.CountsAsync(3, 0);

        var (shown, quiesced) = sidecar.Link.QuiesceShown("dump");

        Assert.Equal(new[] { Environment.ProcessId, process.Id, process.Id }.Order(), shown.Order());
        Assert.Equal(3, quiesced.Watchers);
    }

    [Fact]
    public void Without_watchers_nobody_is_shown()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Link.Send(new Message { Op = Operation.Quiesce, Checkpoint = "dump", Container = "app" });
        Assert.Equal(Operation.Quiesced, sidecar.Link.Receive().Op);
    }

    [Fact]
    public async Task More_than_one_message_can_carry_are_shown_in_several()
    {
        const int Watchers = 2 * DescriptorMessage.MaximumDescriptors + 1;
        using var sidecar = SidecarUnderTest.At(7);
        var watchers = Enumerable.Range(0, Watchers).Select(_ => sidecar.Watch()).ToList();
        await sidecar.CountsAsync(Watchers, 0);

        // The agent has read what was reported of all who came.
        sidecar.Link.Deliver(8);
        var (shown, quiesced) = sidecar.Link.QuiesceShown("dump");
        Assert.Equal((Watchers, Watchers), (shown.Count, quiesced.Watchers));
        watchers.ForEach(watcher => watcher.Dispose());
    }

    [Fact]
    public async Task S23_A_checkpoint_that_begins_while_another_is_taken_is_shown_them_too()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var one = await WatchProcess.StartAsync(sidecar);
        await using var other = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(2, 0);
        sidecar.Link.QuiesceShown("first");
        Assert.Equal(new[] { one.Id, other.Id }.Order(), sidecar.Link.QuiesceShown("second").Shown.Order());
    }

    [Fact]
    public async Task S23_Who_is_not_back_when_the_next_checkpoint_begins_is_shown_again_and_who_is_back_once()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var away = await WatchProcess.StartAsync(sidecar);
        await using var back = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(2, 0);
        sidecar.Link.QuiesceShown("first");
        sidecar.Link.Resume("first");
        await sidecar.ServesAsync();
        await back.ReturnAsync(7);
        using (var control = sidecar.Control())
        {
            await Eventually.HoldsAsync(() => control.Request(Operation.Watchers).Expected == 1, what: "one is back");
        }

        var (shown, quiesced) = sidecar.Link.QuiesceShown("second");
        Assert.Equal(new[] { away.Id, back.Id }.Order(), shown.Order());
        Assert.Equal(2, quiesced.Watchers);
    }

    [Fact]
    public async Task An_agent_that_does_not_read_does_not_hold_up_the_sidecar()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await using var process = await WatchProcess.StartAsync(sidecar);
        await sidecar.CountsAsync(1, 0);
        for (var checkpoint = 0; checkpoint < 2000; checkpoint++)
        {
            sidecar.Link.Send(new Message { Op = Operation.Quiesce, Checkpoint = $"{checkpoint % 2}", Container = "app" });
        }

        sidecar.Link.Resume("0");
        sidecar.Link.Resume("1");
        await sidecar.ServesAsync();
        for (var checkpoint = 0; checkpoint < 2000; checkpoint++) sidecar.Link.Receive(Operation.Quiesced);
    }
}
