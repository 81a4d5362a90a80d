using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>
/// The page that a hypervisor shares with its guest: it counts the lives of the machine that began with loading a stored
/// state, and marks disruptions of its time. Waited for where hypervisor and kernel notify, else looked at now and then.
/// Loop thread only.
/// </summary>
internal sealed class VmClockSource : DeviceSource<IVmClockDevice>
{
    /// <summary>Under which the marker is stored, beside the counter under the source's own name.</summary>
    public const string DisruptionMark = SourceNames.VmClock + "-disruption";

    // An update takes a moment. A writer that was interrupted in the middle of one has gone on by the next look but one.
    private const int MostUnsettled = 3;

    // An interrupt without an update is the hypervisor's freedom. A device that stays readable without one would keep the
    // loop busy, and is looked at instead.
    private const int MostIdleWakes = 16;

    private readonly IMachineEvents _events;
    private readonly TimeSpan _interval;
    private readonly Action<ReadOnlySpan<byte>> _reseed;
    private VmClockPlace _place;
    private bool _isStored = true;
    private LoopTimer? _next;
    private bool _cannotNotify;
    private uint _sequence;
    private int _unsettled;
    private int _idleWakes;

    public VmClockSource(
        EventLoop loop, IMachineEvents events, SourceMarks marks, SourceOptions options, Action<ReadOnlySpan<byte>> reseed,
        Func<string, (IVmClockDevice? Device, Errno Error)>? open = null)
        : base(SourceNames.VmClock, loop, options.VmClock, "--vmclock", open ?? VmClockDevice.Open)
    {
        (_events, _interval, _reseed) = (events, options.VmClockInterval, reseed);

        // Without a mark the page is followed from here on, also when an agent served in this boot before, one without this
        // source for example: the page says how often the machine was restored, and not whether that was before or after.
        _place = new VmClockPlace(marks.Of(SourceNames.VmClock), marks.Of(DisruptionMark));
    }

    // Hung up without anything to read: the hypervisor does not notify any more, the kernel says so at once and for ever.
    public override void OnReady(uint events)
    {
        if ((events & EventPoll.Readable) == 0) _cannotNotify = true;
        var reading = _cannotNotify ? Device!.Look() : Device!.Rearm();
        if (reading.Fault == VmClockFault.Unreadable && !_cannotNotify) (_cannotNotify, reading) = (true, Device!.Look());
        _idleWakes = reading.Sequence == _sequence ? _idleWakes + 1 : 0;
        if (_idleWakes > MostIdleWakes) _cannotNotify = true;
        Take(reading, TimeSpan.Zero);
    }

    protected override void Begin()
    {
        (_cannotNotify, _idleWakes) = (false, 0);
        Take(Device!.Look(), TimeSpan.Zero);
    }

    protected override void Close()
    {
        _next?.Cancel();
        base.Close();
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
            Fail(Explain(reading.Fault));
        }
        else
        {
            (_unsettled, _sequence) = (0, reading.Sequence);
            Retry.Reset();
            Compare(reading, lateness);
            Listen(reading);
        }
    }

    private void Look() => Take(Device!.Look(), _interval);

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
        _reseed(Device!.Bytes);
        _events.Report(new MachineEvent(Name, kind, message)
        {
            Mark = reading.Generation,
            Lateness = lateness,
            NoticedAt = Loop.Clock.GetTimestamp(),
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
        if (IsListening) return true;
        try
        {
            // Readable at once: what changed since the first look is seen.
            Listen(Device!.Notifications, EventPoll.Readable);
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
        _next = Loop.After(_interval, Look);
    }

    private string Describe(VmClockReading reading)
    {
        var how = IsListening ? "which notifies" : $"looked at every {_interval.TotalSeconds:0.###} s";
        return reading.Generation is null
            ? $"{Path}, {how}, counts no restores: only disruptions of the machine's time are told here"
            : $"{Path}, {how}, counts the restores of this machine";
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
