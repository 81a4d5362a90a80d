using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.Sources.HostDevice;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources.HostDevice;

public sealed class HostDeviceSourceTests : IDisposable
{
    private readonly SourceLoop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task A_bump_of_the_machine_is_reported_with_its_number_as_the_least_and_acked_once_it_is_published()
    {
        var driver = Start(new FakeHostDevice(3));
        driver.Bump(8);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        var report = _loop.Report;
        Assert.Equal((SourceNames.Device, MachineEventKind.Restored, 8u, 8ul), (report.Source, report.Kind, report.Minimum!.Value, report.Mark!.Value));
        Assert.Equal("its generation went from 3 to 8", report.Message);
        Assert.Equal(["reseeded with 4 bytes", "reported"], _loop.Steps);
        Assert.Empty(driver.Acks);
        Publish(report);
        Assert.Equal([8u], driver.Acks);
    }

    [Fact]
    public async Task Until_the_ack_the_device_is_readable_and_keeps_nobody_busy()
    {
        var driver = Start(new FakeHostDevice(3));
        driver.Bump(4);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        for (var round = 0; round < 20; round++) _loop.Settle();
        Assert.Equal(1, driver.Reads);
    }

    [Fact]
    public async Task A_second_restore_is_noticed_while_the_first_is_being_published_and_the_last_one_is_acked()
    {
        var driver = Start(new FakeHostDevice(3));
        driver.Bump(4);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        driver.Bump(5);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 2);
        foreach (var report in _loop.Reports) Publish(report);
        Assert.Equal([5u], driver.Acks);
        driver.Bump(6);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 3);
    }

    [Fact]
    public async Task An_ack_that_comes_too_late_is_followed_by_the_generation_it_moved_on_to()
    {
        var driver = Start(new FakeHostDevice(3));
        driver.BeforeAck = () => driver.Bump(5);
        driver.Bump(4);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        Publish(_loop.Report);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 2);
        Assert.Empty(driver.Acks);
        Publish(_loop.Reports[1]);
        Assert.Equal([5u], driver.Acks);
        Assert.Equal([4u, 5u], _loop.Reports.Select(report => report.Minimum!.Value));
    }

    [Fact]
    public void What_the_machine_went_through_while_no_agent_ran_is_reported_before_the_start_returns()
    {
        var driver = Start(new FakeHostDevice(9), mark: 7);
        Assert.Equal((9u, "its generation went from 7 to 9 while nobody listened"), (_loop.Report.Minimum!.Value, _loop.Report.Message));
        Publish(_loop.Report);
        Assert.Equal([9u], driver.Acks);
        Assert.True(_loop.State.IsActive);
    }

    [Fact]
    public void Where_the_last_agent_left_off_nothing_is_reported()
    {
        Start(new FakeHostDevice(7), mark: 7);
        Assert.Empty(_loop.Reports);
        Assert.Equal(0, _loop.Timers);
    }

    [Fact]
    public void Without_a_mark_it_begins_with_what_it_finds()
    {
        Start(new FakeHostDevice(7));
        Assert.Empty(_loop.Reports);
        Assert.Equal(7ul, _loop.Followed[SourceNames.Device]);
    }

    [Fact]
    public async Task A_device_without_a_page_begins_with_its_next_bump()
    {
        var driver = Start(new FakeHostDevice(7) { HasPage = false });
        Assert.Empty(_loop.Followed);
        driver.Bump(8);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        Assert.Equal("its generation went to 8", _loop.Report.Message);
    }

    [Fact]
    public async Task A_bump_between_opening_and_looking_is_one_and_acked()
    {
        var driver = new FakeHostDevice(7);
        Start(driver, open: path =>
        {
            var opened = driver.Open(path);
            driver.Bump(8);
            return opened;
        });
        await Eventually.HoldsAsync(() => driver.Acks.Count == 1);
        Assert.Empty(_loop.Reports);
        Assert.Equal(8ul, _loop.Followed[SourceNames.Device]);
        driver.Bump(9);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
    }

    [Fact]
    public async Task A_device_that_takes_an_ack_and_stays_outdated_is_a_fault_and_not_a_busy_loop()
    {
        var driver = Start(new FakeHostDevice(3));
        driver.ForgetsAcks = true;
        driver.Bump(4);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        Publish(_loop.Report);
        await Eventually.HoldsAsync(() => _loop.State.Reason == SourceReason.Failed);
        Assert.Equal("/dev/null gives generation 4 again, which it has an ack for; it is tried again", _loop.State.Message);
        Assert.Single(_loop.Reports);
    }

    [Fact]
    public async Task A_device_that_refuses_every_ack_is_a_fault_and_not_a_busy_loop()
    {
        var driver = Start(new FakeHostDevice(3) { RefusesAcks = true });
        driver.Bump(4);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        Publish(_loop.Report);
        await Eventually.HoldsAsync(() => _loop.State.Reason == SourceReason.Failed);
        Assert.Equal("/dev/null gives generation 4 and refuses the ack of it; it is tried again", _loop.State.Message);
        driver.RefusesAcks = false;
        driver.Bump(6);
        _loop.Advance(SourceRetry.Shortest);
        Assert.True(_loop.State.IsActive);
        Assert.Equal([4u, 6u], _loop.Reports.Select(report => report.Minimum!.Value));
    }

    [Fact]
    public async Task A_publication_that_ends_after_the_source_did_acks_nothing()
    {
        var driver = Start(new FakeHostDevice(3), out var source);
        driver.Bump(4);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        _loop.Invoke(source.Dispose);
        Publish(_loop.Report);
        Assert.Empty(driver.Acks);
    }

    [Fact]
    public async Task Words_of_a_real_device_are_read_and_acked_in_the_order_of_this_machine()
    {
        using var device = new PseudoDevice();
        Listen(device.Path);
        Assert.Equal(new SourceState(SourceReason.Active, $"{device.Path} of this machine's kernel tells of its restores"), _loop.State);
        device.Bump(0xF0000001);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        Assert.Equal(0xF0000001, _loop.Report.Minimum);
        Assert.False(device.HasAck());
        Publish(_loop.Report);
        Assert.Equal(0xF0000001, await device.AckAsync());
    }

    [Fact]
    public async Task A_device_that_gives_less_than_a_word_is_a_fault_until_it_gives_one()
    {
        using var device = new PseudoDevice();
        Listen(device.Path);
        device.Send([1, 2]);
        await Eventually.HoldsAsync(() => _loop.State.Reason == SourceReason.Failed);
        Assert.Equal($"{device.Path} gave 2 bytes instead of 4; it is tried again", _loop.State.Message);
        _loop.Advance(SourceRetry.Shortest);
        Assert.True(_loop.State.IsActive);
        device.Bump(5);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
    }

    [Fact]
    public async Task A_device_that_is_taken_away_is_a_fault_until_it_is_back()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("sysgenid");
        using var first = new PseudoDevice();
        File.CreateSymbolicLink(path, first.Path);
        Listen(path);
        first.Dispose();
        await Eventually.HoldsAsync(() => _loop.State.Reason == SourceReason.Failed);
        File.Delete(path);
        _loop.Advance(SourceRetry.Shortest);
        Assert.Equal($"{path} is gone (ENOENT); it is tried again", _loop.State.Message);

        using var second = new PseudoDevice();
        File.CreateSymbolicLink(path, second.Path);
        _loop.Advance(SourceRetry.Shortest * 2);
        Assert.True(_loop.State.IsActive);
        second.Bump(12);
        await Eventually.HoldsAsync(() => _loop.Reports.Count == 1);
        Publish(_loop.Report);
        Assert.Equal(12u, await second.AckAsync());
        Assert.Equal(0, _loop.Timers);
    }

    [Fact]
    public void A_page_of_ours_at_this_path_is_no_device()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("sysgenid"), new byte[4096]);
        Listen(directory.File("sysgenid"));
        Assert.Equal(SourceReason.NotPresent, _loop.State.Reason);
        Assert.Equal($"{directory.File("sysgenid")}: not a device of the kernel, but a file, as pods have one there", _loop.State.Message);
        Assert.Equal(0, _loop.Timers);
    }

    [Fact]
    public void A_machine_without_one_has_no_timer()
    {
        Listen("/nonexistent/sysgenid");
        Assert.Equal(new SourceState(SourceReason.NotPresent, "/nonexistent/sysgenid: this machine has no such device (ENOENT)"), _loop.State);
        Assert.Equal(0, _loop.Timers);
    }

    [Fact]
    public void One_that_is_switched_off_is_left_alone()
    {
        Listen(null);
        Assert.Equal(new SourceState(SourceReason.Disabled, "switched off with --sysgenid-device none"), _loop.State);
    }

    [Fact]
    public void One_that_may_not_be_opened_says_what_to_do()
    {
        Start(new FakeHostDevice(1), open: _ => (null, Errno.EPERM));
        Assert.Equal(SourceReason.AccessDenied, _loop.State.Reason);
        Assert.Contains("agent.privileged", _loop.State.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_cannot_be_waited_for_is_a_fault()
    {
        Listen("/dev/null");
        Assert.Equal(new SourceState(SourceReason.Failed, "/dev/null cannot be waited for (EPERM); it is tried again"), _loop.State);
    }

    private FakeHostDevice Start(FakeHostDevice driver, uint? mark = null, Func<string, (IHostDevice? Device, Errno Error)>? open = null) =>
        Start(driver, out _, mark, open);

    // The path has to be that of some device.
    private FakeHostDevice Start(FakeHostDevice driver, out IEventSource source, uint? mark = null, Func<string, (IHostDevice? Device, Errno Error)>? open = null)
    {
        var marks = new SourceMarks(mark is null ? null : new Dictionary<string, ulong> { [SourceNames.Device] = mark.Value });
        var made = source = new HostDeviceSource(_loop.Loop, _loop, marks, new SourceOptions { Device = "/dev/null" }, _loop.Reseed, open ?? driver.Open);
        _loop.Start(_ => made);
        return driver;
    }

    private void Listen(string? path) => _loop.Start(loop =>
        new HostDeviceSource(loop.Loop, loop, new SourceMarks(null), new SourceOptions { Device = path }, loop.Reseed));

    private void Publish(MachineEvent report) =>
        _loop.Invoke(() => report.Published!(GenerationChange.Draft(GenerationCause.VirtualMachineRestored, TimeProvider.System)));
}
