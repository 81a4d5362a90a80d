using Microsoft.Extensions.Time.Testing;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.Sources.KernelLog;

namespace SysGenId.Operator.Tests.Node.Sources.KernelLog;

/// <summary>The source alone, on a loop whose turns the test takes.</summary>
public sealed class KernelLogSourceTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly EventLoop _loop;
    private readonly ScriptedKernelLog _log = new();
    private readonly List<MachineEvent> _reports = [];
    private readonly List<SourceState> _states = [];
    private SourceMarks _marks = new(null);
    private KernelLogSource? _source;
    private int _stores;

    public KernelLogSourceTests()
    {
        _loop = new EventLoop(_clock);
        for (var line = 0; line < 10; line++) _log.Print("an ordinary line");
    }

    public void Dispose()
    {
        _source?.Dispose();
        _loop.Dispose();
    }

    [Fact]
    public void The_first_agent_of_a_boot_begins_at_the_end_and_knows_its_number()
    {
        _log.Print(ScriptedKernelLog.Fork);
        Start();
        Assert.Empty(_reports);
        Assert.Equal(10ul, Mark);
        _log.Print(ScriptedKernelLog.Fork);
        Turn();
        Assert.Equal((MachineEventKind.Restored, 11ul), Told());
    }

    [Fact]
    public void A_line_that_is_printed_while_the_end_is_looked_for_counts()
    {
        _log.SoughtEnd = () => _log.Print(ScriptedKernelLog.Fork);
        Start();
        Assert.Equal((MachineEventKind.Restored, 10ul), Told());
    }

    [Fact]
    public void Lines_that_are_overwritten_while_the_end_is_looked_for_are_suspected()
    {
        _log.SoughtEnd = () =>
        {
            _log.Print(ScriptedKernelLog.Fork);
            _log.Overwrite();
            _log.Print("an ordinary line");
        };
        Start();
        Assert.Equal((MachineEventKind.Suspected, 10ul), Told());
    }

    [Fact]
    public void Where_an_agent_served_in_this_boot_and_left_no_mark_all_that_is_still_there_counts()
    {
        _log.Print(ScriptedKernelLog.Fork);
        Start(isContinued: true);
        Assert.Equal((MachineEventKind.Restored, 10ul), Told());
    }

    [Fact]
    public void And_what_is_not_there_any_more_is_suspected()
    {
        _log.Overwrite();
        _log.Print("an ordinary line");
        Start(isContinued: true);
        Assert.Equal((MachineEventKind.Suspected, 9ul), Told());
        Assert.Equal("lines 0 to 9 of the kernel's log were gone before they were read", _reports[0].Message);
    }

    [Fact]
    public void Lines_up_to_the_mark_were_handled()
    {
        var handled = _log.Print(ScriptedKernelLog.Fork);
        var missed = _log.Print(ScriptedKernelLog.Fork);
        Start(mark: handled);
        Assert.Equal((MachineEventKind.Restored, missed), Told());
    }

    [Fact]
    public void Overwritten_lines_that_had_been_read_are_no_loss()
    {
        _log.Overwrite();
        _log.Print("an ordinary line");
        Start(mark: 9);
        Assert.Empty(_reports);
        Assert.Equal(10ul, Mark);
    }

    [Fact]
    public void One_overwritten_line_that_had_not_been_read_is_suspected()
    {
        _log.Overwrite();
        _log.Print("an ordinary line");
        Start(mark: 8);
        Assert.Equal((MachineEventKind.Suspected, 9ul), Told());
    }

    [Fact]
    public void Lines_that_are_overwritten_under_a_reader_are_suspected_and_the_next_are_read()
    {
        Start();
        _log.Print("an ordinary line");
        _log.Overwrite();
        _log.Print(ScriptedKernelLog.Fork);
        Turn();
        Assert.Equal([(MachineEventKind.Suspected, 10ul), (MachineEventKind.Restored, 11ul)], _reports.Select(report => (report.Kind, report.Mark!.Value)));
    }

    [Fact]
    public void A_log_that_ends_before_the_mark_was_put_back_with_its_machine()
    {
        Start(mark: 20);
        Assert.Equal((MachineEventKind.Suspected, 9ul), Told());
        Assert.Equal("the kernel's log ends at line 9 and had been read to line 20: it was put back", _reports[0].Message);
        _log.Print(ScriptedKernelLog.Fork);
        Turn();
        Assert.Equal((2, 10ul), (_reports.Count, Mark));
    }

    [Fact]
    public void Lines_of_others_than_the_kernel_do_not_count()
    {
        Start();
        for (var facility = 1; facility < 256; facility++) _log.Print(ScriptedKernelLog.Fork, facility * 8 + 5);
        Turn();
        Assert.Empty(_reports);
        Assert.Equal(264ul, Mark);
    }

    [Fact]
    public void What_cannot_be_understood_is_passed_over_and_is_no_loss()
    {
        Start();
        _log.Print("an ordinary line");
        _log.PrintRaw(_ => "");
        _log.PrintRaw(_ => "\0\xff,;");
        _log.Print(ScriptedKernelLog.Fork);
        Turn();
        Assert.Equal((MachineEventKind.Restored, 13ul), Told());
    }

    [Fact]
    public void The_mark_of_an_event_is_set_by_whoever_bumps_and_not_before()
    {
        Start();
        ulong? whenTold = null;
        _reported = _ => whenTold = Mark;
        _log.Print("an ordinary line");
        _log.Print(ScriptedKernelLog.Fork);
        Turn();
        Assert.Equal((9ul, 11ul), (whenTold, Mark));
    }

    [Fact]
    public void A_turn_ends_though_the_log_does_not()
    {
        Start();
        for (var line = 0; line < 1000; line++) _log.Print("an ordinary line");
        Turn();
        Assert.Equal(10ul + 255, Mark);
        Turn();
        Assert.Equal(10ul + 511, Mark);
    }

    [Fact]
    public void A_hundred_thousand_lines_are_read_without_an_allocation()
    {
        const int lines = 100_000;
        Start();
        for (var line = 0; line < lines; line++) _log.Print("an ordinary line");
        Turn();
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (!_log.IsAtEnd) Turn();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal(10ul + lines - 1, Mark);
    }

    [Fact]
    public void Marks_are_stored_at_the_start_and_then_for_many_lines_and_not_often()
    {
        Start();
        Assert.Equal(1, _stores);
        for (var line = 0; line < 255; line++) _log.Print("an ordinary line");
        _clock.Advance(TimeSpan.FromHours(1));
        Turn();
        Assert.Equal(1, _stores);
        _log.Print("an ordinary line");
        Turn();
        Assert.Equal(2, _stores);
        for (var line = 0; line < 256; line++) _log.Print("an ordinary line");
        Turn();
        Assert.Equal(2, _stores);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _log.Print("an ordinary line");
        Turn();
        Assert.Equal(3, _stores);
    }

    [Theory]
    [InlineData(true, SourceReason.Active, "reads /scripted; the kernel prints there when vmgenid says that the machine was forked")]
    [InlineData(false, SourceReason.NotPresent, "reads /scripted; without vmgenid, which this machine does not have, the kernel prints nothing there of forks")]
    public void It_says_what_it_reads_and_needs_no_timer(bool hasGenerationId, object reason, string message)
    {
        Start(hasGenerationId: hasGenerationId);
        Assert.Equal(new SourceState((SourceReason)reason, message), _source!.State);
        Assert.Equal([_source.State], _states);
        Assert.Equal(0, _loop.TimerCount);
    }

    [Fact]
    public void A_fork_shows_that_the_machine_has_what_it_seemed_to_lack()
    {
        Start(hasGenerationId: false);
        _log.Print(ScriptedKernelLog.Fork, priority: 5);
        Turn();
        Assert.Equal([SourceReason.NotPresent, SourceReason.Active], _states.Select(state => state.Reason));
    }

    [Fact]
    public void One_that_is_switched_off_opens_nothing()
    {
        Start(path: null);
        Assert.Equal((SourceReason.Disabled, 0, 0, 0), (_source!.State.Reason, _log.OpenCount, _loop.TimerCount, _stores));
    }

    [Theory]
    [InlineData(Errno.ENOENT, SourceReason.NotPresent, 0)]
    [InlineData(Errno.ENXIO, SourceReason.NotPresent, 0)]
    [InlineData(Errno.ENODEV, SourceReason.NotPresent, 0)]
    [InlineData(Errno.EPERM, SourceReason.AccessDenied, 0)]
    [InlineData(Errno.EACCES, SourceReason.AccessDenied, 0)]
    [InlineData(Errno.EMFILE, SourceReason.Failed, 1)]
    [InlineData(Errno.EIO, SourceReason.Failed, 1)]
    public void Why_it_cannot_be_opened_is_told_apart(object error, object reason, int timers)
    {
        _log.OpenError = (Errno)error;
        Start();
        Assert.Equal((reason, timers), (_source!.State.Reason, _loop.TimerCount));
        Assert.Equal([_source.State], _states);
    }

    [Fact]
    public void A_log_that_fails_is_opened_again_and_no_line_of_it_is_lost()
    {
        Start();
        _log.ReadError = Errno.EIO;
        Turn();
        Assert.Equal("/scripted cannot be read: EIO; it is tried again", _source!.State.Message);
        _log.ReadError = Errno.None;
        _log.Print(ScriptedKernelLog.Fork);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((MachineEventKind.Restored, 10ul), Told());
        Assert.Equal([SourceReason.Active, SourceReason.Failed, SourceReason.Active], _states.Select(state => state.Reason));
        Assert.Equal(0, _loop.TimerCount);
    }

    [Fact]
    public void A_log_that_fails_as_soon_as_it_is_opened_is_not_called_active()
    {
        _log.ReadError = Errno.EIO;
        Start(mark: 9);
        Assert.Equal([SourceReason.Failed], _states.Select(state => state.Reason));
    }

    [Fact]
    public void A_log_that_has_only_losses_is_no_log()
    {
        Start();
        _log.IsLosingAll = true;
        Turn();
        Assert.Equal(SourceReason.Failed, _source!.State.Reason);
    }

    [Fact]
    public void A_file_is_no_log()
    {
        Start(open: path => new KernelLogDevice(path), path: "/etc/passwd", mark: 1);
        Assert.Equal(SourceReason.Failed, _source!.State.Reason);
        Assert.Empty(_reports);
    }

    [Fact]
    public void One_that_is_disposed_of_lets_go_of_log_and_timer()
    {
        Start();
        _source!.Dispose();
        Assert.Equal(0, _log.ReaderCount);
        _log.OpenError = Errno.EIO;
        Start();
        _source.Dispose();
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(3, _log.OpenCount);
    }

    private Action<MachineEvent> _reported = _ => { };

    private ulong? Mark => _marks.Of(SourceNames.KernelLog);

    private void Start(
        ulong? mark = null, bool isContinued = false, bool hasGenerationId = true, string? path = "/scripted", Func<string, IKernelLog>? open = null)
    {
        _marks = new SourceMarks(mark is { } place ? new Dictionary<string, ulong> { [SourceNames.KernelLog] = place } : null, isContinued);
        _source = new KernelLogSource(
            _loop, new SourceOptions { KernelLog = path }, _marks, Report, open ?? (_ => _log), () => hasGenerationId, () => _stores++);
        _source.Changed += () => _states.Add(_source.State);
        _source.Start();
    }

    private void Report(MachineEvent report)
    {
        _reported(report);
        _reports.Add(report);
        _marks.Take(report.Source, report.Mark);
    }

    private (MachineEventKind, ulong?) Told() => (Assert.Single(_reports).Kind, _reports[0].Mark);

    private void Turn() => ((IEventHandler)_source!).OnReady(EventPoll.Readable);

    // The last turn of the loop: timers that are due run.
    private void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        _loop.Post(_loop.Stop);
        _loop.Run();
    }
}
