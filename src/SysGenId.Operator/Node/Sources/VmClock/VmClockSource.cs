using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>
/// The page that a hypervisor shares with its guest: it counts the lives of the machine that began with loading a stored
/// state, and marks disruptions of its time. Waited for where hypervisor and kernel notify, else looked at now and then.
/// Loop thread only.
/// </summary>
internal sealed class VmClockSource : IEventSource, IEventHandler
{
    /// <summary>Under which the marker is stored, beside the counter under the source's own name.</summary>
    public const string DisruptionMark = SourceNames.VmClock + "-disruption";

    private const string Option = "--vmclock";

    // An update takes a moment. A writer that was interrupted in the middle of one has gone on by the next look but one.
    private const int MostUnsettled = 3;

    // An interrupt without an update is the hypervisor's freedom. A device that stays readable without one would keep the
    // loop busy, and is looked at instead.
    private const int MostIdleWakes = 16;

    private readonly EventLoop _loop;
    private readonly IMachineEvents _events;
    private readonly string? _path;
    private readonly TimeSpan _interval;
    private readonly Action<ReadOnlySpan<byte>> _reseed;
    private readonly Func<string, (IVmClockDevice? Device, Errno Error)> _open;
    private readonly SourceRetry _retry;
    private VmClockPlace _place;
    private bool _isStarted;
    private bool _wasThere;
    private bool _isStored = true;
    private IVmClockDevice? _device;
    private long? _token;
    private LoopTimer? _next;
    private bool _cannotNotify;
    private uint _sequence;
    private int _unsettled;
    private int _idleWakes;

    public VmClockSource(
        EventLoop loop, IMachineEvents events, SourceMarks marks, SourceOptions options, Action<ReadOnlySpan<byte>> reseed,
        Func<string, (IVmClockDevice? Device, Errno Error)>? open = null)
    {
        (_loop, _events, _path, _interval, _reseed) = (loop, events, options.VmClock, options.VmClockInterval, reseed);
        _open = open ?? VmClockDevice.Open;
        _retry = new SourceRetry(loop, Open);

        // Without a mark the page is followed from here on, also when an agent served in this boot before, one without this
        // source for example: the page says how often the machine was restored, and not whether that was before or after.
        _place = new VmClockPlace(marks.Of(SourceNames.VmClock), marks.Of(DisruptionMark));
    }

    public string Name => SourceNames.VmClock;

    public SourceState State { get; private set; } = SourceState.NotStarted;

    public event Action? Changed;

    public void Start()
    {
        if (_path is null) State = DeviceStates.Disabled(Option);
        else Open();
        _isStarted = true;
    }

    public void Dispose()
    {
        _retry.Stop();
        Close();
    }

    // Hung up without anything to read: the hypervisor does not notify any more, the kernel says so at once and for ever.
    void IEventHandler.OnReady(uint events)
    {
        if ((events & EventPoll.Readable) == 0) _cannotNotify = true;
        var reading = _cannotNotify ? _device!.Look() : _device!.Rearm();
        if (reading.Fault == VmClockFault.Unreadable && !_cannotNotify) (_cannotNotify, reading) = (true, _device!.Look());
        _idleWakes = reading.Sequence == _sequence ? _idleWakes + 1 : 0;
        if (_idleWakes > MostIdleWakes) _cannotNotify = true;
        Take(reading, TimeSpan.Zero);
    }

    private void Open()
    {
        (_device, var error) = _open(_path!);
        if (_device is null)
        {
            Become(DeviceStates.NotOpened(_path!, Option, error, _wasThere));
            if (State.Reason == SourceReason.Failed) _retry.Schedule();
            return;
        }

        (_wasThere, _cannotNotify, _idleWakes) = (true, false, 0);
        Take(_device.Look(), TimeSpan.Zero);
    }

    private void Take(VmClockReading reading, TimeSpan lateness)
    {
        if (reading.Fault == VmClockFault.Unsettled && ++_unsettled < MostUnsettled)
        {
            // Not through the loop: while an update goes on the device is readable, and reading it waits for the end.
            LookLater();
        }
        else if (reading.Fault != VmClockFault.None)
        {
            Close();
            Become(DeviceStates.Failed(_path!, Explain(reading.Fault)));
            _retry.Schedule();
        }
        else
        {
            (_unsettled, _sequence) = (0, reading.Sequence);
            _retry.Reset();
            Compare(reading, lateness);
            Listen(reading);
        }
    }

    private void Look() => Take(_device!.Look(), _interval);

    private void Compare(VmClockReading reading, TimeSpan lateness)
    {
        var (before, isStored, kind) = (_place, _isStored, _place.Since(reading));
        (_place, _isStored) = (before.After(reading), false);

        // What is only suspected may wait for its bump: until then an agent that is ended finds it again.
        void Follow() => _events.Follow(DisruptionMark, reading.Disruption);
        if (before.Disruption != reading.Disruption && kind != MachineEventKind.Suspected) Follow();
        if (kind is null && before.Generation is null && reading.Generation is { } first) _events.Follow(Name, first);
        if (kind is not null) Report(kind.Value, Describe(kind.Value, before, reading) + (isStored ? " while no agent ran" : ""), reading, lateness, kind == MachineEventKind.Suspected ? _ => Follow() : null);
    }

    private void Report(MachineEventKind kind, string message, VmClockReading reading, TimeSpan lateness, Action<GenerationChange>? published)
    {
        _reseed(_device!.Bytes);
        _events.Report(new MachineEvent(Name, kind, message)
        {
            Mark = reading.Generation,
            Lateness = lateness,
            NoticedAt = _loop.Clock.GetTimestamp(),
            Published = published,
        });
    }

    private void Listen(VmClockReading reading)
    {
        if (!reading.Notifies || _cannotNotify || !TryListen()) LookLater();
        Become(new SourceState(SourceReason.Active, Describe(reading)));
    }

    private bool TryListen()
    {
        if (_token is not null) return true;
        try
        {
            // Readable at once: what changed since the first look is seen.
            _token = _loop.Add(_device!.Notifications, EventPoll.Readable, this);
            return true;
        }
        catch (LinuxException)
        {
            // Nothing that can be waited for (EPERM): a kernel before 7.0.
            _cannotNotify = true;
            return false;
        }
    }

    private void LookLater()
    {
        Unlisten();
        _next?.Cancel();
        _next = _loop.After(_interval, Look);
    }

    private void Unlisten()
    {
        if (_token is { } token) _loop.Remove(_device!.Notifications, token);
        _token = null;
    }

    private void Close()
    {
        _next?.Cancel();
        if (_device is null) return;
        Unlisten();
        _device.Dispose();
        _device = null;
    }

    private void Become(SourceState state)
    {
        if (state == State) return;
        State = state;
        if (_isStarted) Changed?.Invoke();
    }

    private string Describe(VmClockReading reading)
    {
        var how = _token is null ? $"looked at every {_interval.TotalSeconds:0.###} s" : "which notifies";
        return reading.Generation is null
            ? $"{_path}, {how}, counts no restores: only disruptions of the machine's time are told here"
            : $"{_path}, {how}, counts the restores of this machine";
    }

    private static string Describe(MachineEventKind kind, VmClockPlace before, VmClockReading now) => kind switch
    {
        MachineEventKind.Restored => $"its generation counter went from {before.Generation} to {now.Generation}",
        MachineEventKind.Suspected => $"its disruption marker went from {before.Disruption} to {now.Disruption}, and only one of the two hypervisors counts restores",
        _ => $"its disruption marker went from {before.Disruption} to {now.Disruption}",
    };

    private static string Explain(VmClockFault fault) => fault switch
    {
        VmClockFault.Truncated => "ends before its counter",
        VmClockFault.WrongMagic => "is no vmclock: its magic number is another",
        VmClockFault.UnknownVersion => $"has a layout that is not version {VmClockPage.Version}",
        VmClockFault.TooSmall => "says that it has a counter, and that it is too small for one",
        VmClockFault.Unsettled => "is being updated whenever it is looked at",
        _ => "cannot be read",
    };
}
