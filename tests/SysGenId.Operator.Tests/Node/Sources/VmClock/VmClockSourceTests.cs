using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.Sources.VmClock;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources.VmClock;

public sealed class VmClockSourceTests : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly TemporaryDirectory _directory = new();
    private readonly SourceLoop _loop = new();
    private FakeHypervisor? _hypervisor;

    public void Dispose()
    {
        _loop.Dispose();
        _hypervisor?.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_counter_that_moved_is_a_restore_noticed_at_the_next_look()
    {
        var machine = Start();
        machine.Restore();
        _loop.Advance(_interval);
        var report = _loop.Report;
        Assert.Equal((SourceNames.VmClock, MachineEventKind.Restored, 1ul, _interval), (report.Source, report.Kind, report.Mark, report.Lateness));
        Assert.Equal("its generation counter went from 0 to 1", report.Message);
        Assert.Equal(["reseeded with 112 bytes", "reported"], _loop.Steps);
        _loop.Advance(_interval);
        Assert.Single(_loop.Reports);
    }

    [Fact]
    public void Between_two_looks_nothing_is_noticed()
    {
        Start().Restore();
        _loop.Advance(_interval - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_loop.Reports);
    }

    [Fact]
    public void Two_restores_are_two_reports_and_a_counter_that_fell_is_one()
    {
        var machine = Start();
        machine.Restore();
        _loop.Advance(_interval);
        machine.Restore();
        _loop.Advance(_interval);
        machine.Update(generation: 0, disruption: 9);
        _loop.Advance(_interval);
        Assert.Equal([1ul, 2ul, 0ul], _loop.Reports.Select(report => report.Mark!.Value));
    }

    [Fact]
    public void Another_marker_alone_is_a_disruption_and_its_mark_is_stored()
    {
        Start().Migrate();
        _loop.Advance(_interval);
        Assert.Equal(MachineEventKind.Disrupted, _loop.Report.Kind);
        Assert.Equal("its disruption marker went from 0 to 1", _loop.Report.Message);
        Assert.Equal(1ul, _loop.Followed[VmClockSource.DisruptionMark]);
    }

    [Fact]
    public void The_marker_of_what_is_only_suspected_is_stored_once_the_generation_has_moved_for_it()
    {
        Start().SetFlags(0);
        _hypervisor!.Migrate();
        _loop.Advance(_interval);
        var report = _loop.Report;
        Assert.Equal(MachineEventKind.Suspected, report.Kind);
        Assert.Equal(0ul, _loop.Followed[VmClockSource.DisruptionMark]);
        _loop.Invoke(() => report.Published!(null!));
        Assert.Equal(1ul, _loop.Followed[VmClockSource.DisruptionMark]);
    }

    [Fact]
    public void A_page_without_a_counter_tells_of_disruptions_and_says_so()
    {
        Start(flags: 0).Migrate();
        Assert.Equal(
            new SourceState(SourceReason.Active, $"{Path}, looked at every 5 s, counts no restores: only disruptions of the machine's time are told here"), _loop.State);
        _loop.Advance(_interval);
        Assert.Equal((MachineEventKind.Disrupted, null), (_loop.Report.Kind, _loop.Report.Mark));
    }

    [Fact]
    public void Where_no_agent_was_before_it_begins_with_what_it_finds()
    {
        Machine().Update(generation: 40, disruption: 41);
        Listen();
        Assert.Empty(_loop.Reports);
        Assert.Equal([(SourceNames.VmClock, 40ul), (VmClockSource.DisruptionMark, 41ul)], _loop.Followed.OrderBy(mark => mark.Value).Select(mark => (mark.Key, mark.Value)));
    }

    [Fact]
    public void An_agent_that_ran_before_without_this_source_is_no_reason_to_bump()
    {
        Machine().Update(generation: 40, disruption: 41);
        Listen(new SourceMarks(null, isContinued: true));
        Assert.Empty(_loop.Reports);
        Assert.Equal(40ul, _loop.Followed[SourceNames.VmClock]);
    }

    [Fact]
    public void What_happened_while_no_agent_ran_is_reported_before_the_start_returns()
    {
        Machine().Update(generation: 2, disruption: 2);
        Listen(Marks(generation: 1, disruption: 1));
        Assert.Equal((MachineEventKind.Restored, 2ul, TimeSpan.Zero), (_loop.Report.Kind, _loop.Report.Mark!.Value, _loop.Report.Lateness));
        Assert.Equal("its generation counter went from 1 to 2 while no agent ran", _loop.Report.Message);
    }

    [Fact]
    public void A_disruption_while_no_agent_ran_is_reported_too()
    {
        Machine().Update(generation: 1, disruption: 2);
        Listen(Marks(generation: 1, disruption: 1));
        Assert.Equal(MachineEventKind.Disrupted, _loop.Report.Kind);
    }

    [Fact]
    public void What_the_last_agent_has_seen_is_not_reported_again()
    {
        Machine().Update(generation: 2, disruption: 2);
        Listen(Marks(generation: 2, disruption: 2));
        Assert.Empty(_loop.Reports);
    }

    [Fact]
    public void An_update_that_is_under_way_is_looked_at_later()
    {
        var machine = Start();
        machine.Begin();
        _loop.Advance(_interval);
        Assert.True(_loop.State.IsActive);
        machine.Restore();
        _loop.Advance(_interval);
        Assert.Equal(MachineEventKind.Restored, _loop.Report.Kind);
    }

    [Fact]
    public void An_update_that_never_ends_is_a_fault_until_it_does()
    {
        var machine = Start();
        machine.Begin();
        for (var look = 0; look < 3; look++) _loop.Advance(_interval);
        Assert.Equal(new SourceState(SourceReason.Failed, $"{Path} is being updated whenever it is looked at; it is tried again"), _loop.State);
        machine.Restore();
        _loop.Advance(SourceRetry.Shortest);
        Assert.True(_loop.State.IsActive);
        Assert.Equal(MachineEventKind.Restored, _loop.Report.Kind);
        Assert.Equal(2, _loop.Changes);
    }

    [Fact]
    public void A_page_under_update_at_the_start_begins_when_the_update_has_ended()
    {
        var machine = Machine();
        machine.Begin();
        Listen();
        Assert.Equal(SourceReason.NotStarted, _loop.State.Reason);
        machine.Update(5, 5);
        _loop.Advance(_interval);
        Assert.Equal((true, 1), (_loop.State.IsActive, _loop.Changes));
        Assert.Equal(5ul, _loop.Followed[SourceNames.VmClock]);
    }

    [Fact]
    public void A_page_that_is_none_any_more_is_tried_again_and_what_happened_meanwhile_is_seen()
    {
        var machine = Start();
        machine.Word(VmClockPage.MagicOffset, 0);
        _loop.Advance(_interval);
        Assert.Equal(new SourceState(SourceReason.Failed, $"{Path} is no vmclock: its magic number is another; it is tried again"), _loop.State);
        machine.Restore();
        machine.Word(VmClockPage.MagicOffset, VmClockPage.Magic);
        _loop.Advance(SourceRetry.Shortest);
        Assert.True(_loop.State.IsActive);
        Assert.Single(_loop.Reports);
    }

    [Fact]
    public void A_device_that_was_taken_away_is_a_fault_and_one_that_never_was_is_none()
    {
        var machine = Start();
        machine.Cut(0);
        File.Delete(Path);
        _loop.Advance(_interval);
        _loop.Advance(SourceRetry.Shortest);
        Assert.Equal(new SourceState(SourceReason.Failed, $"{Path} is gone (ENOENT); it is tried again"), _loop.State);
    }

    [Fact]
    public void A_machine_without_one_has_no_timer()
    {
        Listen();
        Assert.Equal(new SourceState(SourceReason.NotPresent, $"{Path}: this machine has no such device (ENOENT)"), _loop.State);
        Assert.Equal((0, 0), (_loop.Timers, _loop.Changes));
    }

    [Fact]
    public void One_that_is_switched_off_is_left_alone()
    {
        _loop.Start(loop => Source(loop, new SourceOptions { VmClock = null }, new SourceMarks(null), _ => throw new InvalidOperationException("opened")));
        Assert.Equal(new SourceState(SourceReason.Disabled, "switched off with --vmclock none"), _loop.State);
    }

    [Theory]
    [InlineData(Errno.EPERM)]
    [InlineData(Errno.EACCES)]
    public void One_that_may_not_be_opened_says_what_to_do(object error)
    {
        _loop.Start(loop => Source(loop, Options(), new SourceMarks(null), _ => (null, (Errno)error)));
        Assert.Equal(SourceReason.AccessDenied, _loop.State.Reason);
        Assert.Contains("agent.privileged", _loop.State.Message, StringComparison.Ordinal);
        Assert.Equal(0, _loop.Timers);
    }

    [Fact]
    public void One_that_cannot_be_opened_is_tried_ever_more_rarely()
    {
        var tries = 0;
        _loop.Start(loop => Source(loop, Options(), new SourceMarks(null), _ =>
        {
            tries++;
            return (null, Errno.EMFILE);
        }));
        Assert.Equal(SourceReason.Failed, _loop.State.Reason);
        foreach (var (seconds, expected) in new[] { (1, 2), (1, 2), (1, 3), (4, 4), (8, 5), (16, 6), (32, 7), (60, 8), (59, 8), (1, 9) })
        {
            _loop.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(expected, tries);
        }
    }

    [Fact]
    public async Task One_that_notifies_is_waited_for_without_any_timer()
    {
        var device = Notifying(new FakeVmClockDevice());
        Assert.Equal(new SourceState(SourceReason.Active, $"{Path}, which notifies, counts the restores of this machine"), _loop.State);
        Assert.Equal(0, _loop.Timers);
        device.Restore();
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        Assert.Equal((MachineEventKind.Restored, TimeSpan.Zero), (_loop.Report.Kind, _loop.Report.Lateness));
        device.Update(page => page with { Disruption = 77 });
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 2);
        Assert.Equal(MachineEventKind.Disrupted, _loop.Reports[1].Kind);
        Assert.Equal(0, _loop.Timers);
    }

    [Fact]
    public async Task One_that_stays_readable_without_news_is_looked_at_instead()
    {
        var device = Notifying(new FakeVmClockDevice { IsStuck = true });
        device.Wake();
        await Eventually.HoldsAsync(() => _loop.State.Message.Contains("looked at every 5 s", StringComparison.Ordinal));
        Assert.InRange(device.Rearms, 1, 100);
        device.Restore();
        _loop.Advance(_interval);
        Assert.Single(_loop.Reports);
    }

    [Fact]
    public async Task One_that_can_be_mapped_and_not_read_cannot_notify_again_and_is_looked_at_instead()
    {
        var device = Notifying(new FakeVmClockDevice { CannotRearm = true });
        device.Restore();
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        Assert.Contains("looked at every 5 s", _loop.State.Message, StringComparison.Ordinal);
        device.Restore();
        _loop.Advance(_interval);
        Assert.Equal(2, _loop.Reports.Count);
    }

    [Fact]
    public async Task Another_hypervisor_that_notifies_no_more_is_looked_at()
    {
        var device = Notifying(new FakeVmClockDevice());
        device.Update(page => page with { Notifies = false });
        await Eventually.HoldsAsync(() => _loop.State.Message.Contains("looked at every 5 s", StringComparison.Ordinal));
        device.Update(page => page with { Notifies = true, Generation = 9 });
        _loop.Advance(_interval);
        Assert.Single(_loop.Reports);
        Assert.Contains("which notifies", _loop.State.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_notifies_and_cannot_be_waited_for_is_looked_at()
    {
        // A file refuses to be polled, as the device of a kernel before 7.0 does.
        Start(flags: VmClockPage.GenerationPresent | VmClockPage.NotificationPresent).Restore();
        Assert.Contains("looked at every 5 s", _loop.State.Message, StringComparison.Ordinal);
        _loop.Advance(_interval);
        Assert.Single(_loop.Reports);
    }

    private string Path => _directory.File("vmclock0");

    private FakeHypervisor Machine(ulong flags = VmClockPage.GenerationPresent) => _hypervisor = new FakeHypervisor(Path, flags);

    private FakeHypervisor Start(ulong flags = VmClockPage.GenerationPresent)
    {
        var machine = Machine(flags);
        Listen();
        return machine;
    }

    private FakeVmClockDevice Notifying(FakeVmClockDevice device)
    {
        _loop.Start(loop => Source(loop, Options(), new SourceMarks(null), _ => (device, Errno.None)));
        return device;
    }

    private void Listen(SourceMarks? marks = null) => _loop.Start(loop => Source(loop, Options(), marks ?? new SourceMarks(null), null));

    private SourceOptions Options() => new() { VmClock = Path, VmClockInterval = _interval };

    private static SourceMarks Marks(ulong generation, ulong disruption) => new(
        new Dictionary<string, ulong> { [SourceNames.VmClock] = generation, [VmClockSource.DisruptionMark] = disruption }, isContinued: true);

    private static VmClockSource Source(SourceLoop loop, SourceOptions options, SourceMarks marks, Func<string, (IVmClockDevice? Device, Errno Error)>? open) =>
        new(loop.Loop, loop, marks, options, loop.Reseed, open);
}
