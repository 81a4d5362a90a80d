using System.Globalization;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;

namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>
/// Follows the kernel's log by the numbers of its lines, and reports forks of the machine and lines that were lost unread.
/// What it was followed to is the source's mark: no line of this boot counts twice, and none is passed over. Loop thread only.
/// </summary>
internal sealed class KernelLogSource : IEventSource, IEventHandler
{
    // A fraction of a millisecond: then it is somebody else's turn on the loop, and epoll says that there is more.
    private const int RecordsPerTurn = 256;

    // More lines than the largest log of a kernel holds that was not configured by hand, about a second of reading.
    private const int RecordsAtStart = 1 << 20;

    // What is stored is behind by so many lines at least, and so long, before it is stored for their sake alone. An agent
    // that is killed finds the log overwritten beyond what was stored only if the kernel prints that much in between.
    private const ulong LinesPerStore = 256;
    private static readonly TimeSpan _storeInterval = TimeSpan.FromMinutes(1);

    private const string Option = "--kernel-log";

    private readonly EventLoop _loop;
    private readonly string? _path;
    private readonly SourceMarks _marks;
    private readonly Action<MachineEvent> _report;
    private readonly IKernelLog _log;
    private readonly Func<bool> _hasGenerationId;
    private readonly Action _store;
    private readonly byte[] _buffer = new byte[KernelLogRecord.MaximumLength];

    private IKernelLogReader? _reader;
    private long? _token;
    private readonly SourceRetry _retry;

    // The number of the line that comes next; null: not known yet, as reading begins at the end.
    private ulong? _next;

    // The last line that this reader gave, and whether one before the next is gone.
    private ulong? _last;
    private bool _hasLost;

    private ulong _stored;
    private long _storedAt;

    /// <param name="loop">Where it lives.</param>
    /// <param name="options">Where the log is.</param>
    /// <param name="marks">Where it was followed to.</param>
    /// <param name="report">Takes what is noticed.</param>
    /// <param name="open">The log at a path.</param>
    /// <param name="hasGenerationId">Whether the machine has what makes the kernel speak of forks.</param>
    /// <param name="store">Has the marks stored soon.</param>
    public KernelLogSource(
        EventLoop loop, SourceOptions options, SourceMarks marks, Action<MachineEvent> report, Func<string, IKernelLog> open, Func<bool> hasGenerationId, Action store)
    {
        (_loop, _path, _marks, _report, _hasGenerationId, _store) = (loop, options.KernelLog, marks, report, hasGenerationId, store);
        _log = open(_path ?? "");
        _retry = new SourceRetry(loop, Open);
    }

    public string Name => SourceNames.KernelLog;

    public SourceState State { get; private set; } = SourceState.NotStarted;

    public event Action? Changed;

    public void Start()
    {
        if (_path is null)
        {
            Become(DeviceStates.Disabled(Option));
            return;
        }

        // No agent in this boot: nobody holds anything that an older line could be about. One that left no mark: all counts.
        if (_marks.Of(Name) is { } mark) _next = mark + 1;
        else if (_marks.IsContinued) _next = 0;
        Open();
        if (_reader is not null) Store();
    }

    void IEventHandler.OnReady(uint events)
    {
        Read(RecordsPerTurn);
        if (_next - _stored >= LinesPerStore && _loop.Clock.GetElapsedTime(_storedAt) >= _storeInterval) Store();
    }

    public void Dispose()
    {
        _retry.Stop();
        Close();
    }

    private void Open()
    {
        _reader = _log.TryOpen(out var error);
        if (_reader is null)
        {
            Refused(error);
            return;
        }

        try
        {
            _token = _loop.Add(_reader.Descriptor, EventPoll.Readable, this);
        }
        catch (LinuxException failure)
        {
            // A file, for one: it cannot be waited for.
            Fail(failure.Message);
            return;
        }

        if (_next is null) ReadFromEnd();
        else Read(RecordsAtStart);
        if (_reader is null) return;
        _retry.Reset();
        Become(_hasGenerationId()
            ? Listening()
            : new SourceState(SourceReason.NotPresent, $"reads {_path}; without vmgenid, which this machine does not have, the kernel prints nothing there of forks"));
    }

    private SourceState Listening() => new(SourceReason.Active, $"reads {_path}; the kernel prints there when vmgenid says that the machine was forked");

    // Only the line before it tells the number of the end. It is looked for by a second reader once this one is at the end:
    // a line printed meanwhile is behind it, and counts.
    private void ReadFromEnd()
    {
        if (_reader!.SeekToEnd() is not Errno.None and var error)
        {
            Fail($"{_path} has no end: {error}");
            return;
        }

        var last = LastLine();
        Read(RecordsAtStart);
        if (_reader is null || _next is not null) return;
        _next = last is null ? 0 : last + 1;
        Advance();
    }

    private ulong? LastLine()
    {
        ulong? last = null;
        using var reader = _log.TryOpen(out _);
        for (var count = 0; reader is not null && count < RecordsAtStart; count++)
        {
            var read = reader.Read(_buffer);
            if (read.Outcome is KernelLogOutcome.End or KernelLogOutcome.Failed) break;
            if (read.Outcome == KernelLogOutcome.Record && KernelLogRecord.TryParse(_buffer.AsSpan(0, read.Length), out var record)) last = record.Sequence;
        }

        return last;
    }

    private void Read(int most)
    {
        var records = 0;
        for (var count = 0; count < most; count++)
        {
            var read = _reader!.Read(_buffer);
            if (read.Outcome == KernelLogOutcome.Record)
            {
                records++;
                Take(_buffer.AsSpan(0, read.Length));
            }
            else if (read.Outcome == KernelLogOutcome.Lost)
            {
                _hasLost = true;
            }
            else if (read.Outcome == KernelLogOutcome.End)
            {
                AtEnd();
                Advance();
                return;
            }
            else
            {
                Advance();
                Fail($"{_path} cannot be read: {read.Error}");
                return;
            }
        }

        Advance();
        if (records == 0) Fail($"{_path} says of all its lines that they are lost");
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (!KernelLogRecord.TryParse(bytes, out var record))
        {
            // It had a number, too.
            if (_last is not null && _last + 1 == _next) (_last, _next) = (_next, _next + 1);
            return;
        }

        _last = record.Sequence;
        var isLost = _next is { } next ? record.Sequence > next : _hasLost;
        _hasLost = false;
        if (record.Sequence < _next) return;
        if (isLost) ReportLost(record.Sequence);
        _next = record.Sequence + 1;
        if (record.IsFork) ReportFork(record);
    }

    // A log that ends before the line up to which it was read was put back together with its machine.
    private void AtEnd()
    {
        if (_last is not { } last || last + 1 >= _next) return;
        Report(MachineEventKind.Suspected, $"the kernel's log ends at line {last} and had been read to line {_next - 1}: it was put back", last);
        _next = last + 1;
    }

    private void ReportFork(in KernelLogRecord record)
    {
        Report(
            MachineEventKind.Restored,
            string.Create(CultureInfo.InvariantCulture, $"the kernel noticed a fork, {record.Microseconds / 1e6:0.000000} s after its start"),
            record.Sequence);

        // A driver that was loaded since.
        if (State.Reason == SourceReason.NotPresent) Become(Listening());
    }

    // Before line 0 there is nothing.
    private void ReportLost(ulong sequence) => Report(
        MachineEventKind.Suspected,
        _next is { } next ? $"lines {next} to {sequence - 1} of the kernel's log were gone before they were read" : $"lines of the kernel's log before {sequence} were gone before they were read",
        sequence == 0 ? null : sequence - 1);

    private void Report(MachineEventKind kind, string message, ulong? mark) =>
        _report(new MachineEvent(Name, kind, message) { Mark = mark, NoticedAt = _loop.Clock.GetTimestamp() });

    private void Advance()
    {
        if (_next > 0) _marks.Set(Name, _next.Value - 1);
    }

    private void Store()
    {
        (_stored, _storedAt) = (_next ?? 0, _loop.Clock.GetTimestamp());
        _store();
    }

    private void Refused(Errno error)
    {
        if (error is Errno.ENOENT or Errno.ENXIO or Errno.ENODEV) Become(new SourceState(SourceReason.NotPresent, $"there is no {_path}"));
        else if (error is Errno.EPERM or Errno.EACCES)
        {
            Become(new SourceState(
                SourceReason.AccessDenied,
                $"{_path} may not be read ({error}): it takes root, CAP_SYSLOG where kernel.dmesg_restrict is set, in a pod the device, too (agent.privileged), and a kernel that was not started with printk.devkmsg=off"));
        }
        else Fail($"{_path} cannot be opened: {error}");
    }

    private void Fail(string message)
    {
        Close();
        Become(new SourceState(SourceReason.Failed, $"{message}; it is tried again"));
        _retry.Schedule();
    }

    private void Close()
    {
        if (_reader is null) return;
        if (_token is { } token) _loop.Remove(_reader.Descriptor, token);
        _reader.Dispose();
        (_reader, _token, _last, _hasLost) = (null, null, null, false);
    }

    private void Become(SourceState state)
    {
        if (state == State) return;
        State = state;
        Changed?.Invoke();
    }
}
