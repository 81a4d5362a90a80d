using System.Runtime.InteropServices;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;

namespace SysGenId.Operator.Node.Sources.HostDevice;

/// <summary>
/// The system generation device of the host's own kernel. What it tells is acked once every page of the node shows it, so
/// that whoever restored the machine and waits for its watchers has waited for the pods, too. Loop thread only.
/// <code>
///   up to date -- bump: read --> reported -- published: ack --> up to date
///                                 ^    |         |
///                                 '----'         |
///                                  bump: read    |
///                                 ^              |
///                                 '--------------'  moved on meanwhile (EINVAL): read
/// </code>
/// </summary>
internal sealed class HostDeviceSource : DeviceSource<IHostDevice>
{
    private readonly IMachineEvents _events;
    private readonly Action<ReadOnlySpan<byte>> _reseed;
    private uint? _last;
    private uint? _acked;
    private uint? _refused;
    private bool _isPublishing;

    public HostDeviceSource(
        EventLoop loop, IMachineEvents events, SourceMarks marks, SourceOptions options, Action<ReadOnlySpan<byte>> reseed,
        Func<string, (IHostDevice? Device, Errno Error)>? open = null)
        : base(SourceNames.Device, loop, options.Device, "--sysgenid-device", open ?? HostDevice.Open)
    {
        (_events, _reseed) = (events, reseed);

        // Without a mark it is followed from here on, also when an agent served in this boot before: the number does not
        // say when it was reached.
        _last = (uint?)marks.Of(SourceNames.Device);
    }

    public override void OnReady(uint events)
    {
        var answer = Device!.Read();
        if (answer.Kind == DeviceAnswerKind.Accepted) Take(answer.Generation);
        else if (answer.Kind != DeviceAnswerKind.UpToDate) Fail(answer.Fault!);
        else if ((events & EventPoll.Readable) == 0) Fail("hung up");
    }

    // The page that pods find at this path is a file, and nobody's device. Asked of what the path leads to, without opening it.
    protected override string? WhatElse()
    {
        using var found = Files.TryOpen(Path, Files.PathOnly, 0, out _);
        if (found is null || Files.Status(found) is { IsCharacterDevice: true }) return null;
        return "not a device of the kernel, but " + (Files.Status(found).IsRegularFile ? "a file, as pods have one there" : "something else");
    }

    protected override void Begin()
    {
        (_isPublishing, _acked, _refused) = (false, null, null);
        var current = Device!.Current;
        if (current is { } begun && _last is null)
        {
            _last = begun;
            _events.Follow(Name, begun);
        }

        Listen();
        if (Device is not null && current is { } now && now != _last) Report(now, $"its generation went from {_last} to {now} while nobody listened");
    }

    private void Take(uint generation)
    {
        if (generation != _last)
        {
            Report(generation, _last is null ? $"its generation went to {generation}" : $"its generation went from {_last} to {generation}");
        }
        else if (generation == _acked)
        {
            // It took the ack, and is outdated by the same generation again: it would go on like this for ever.
            Fail($"gives generation {generation} again, which it has an ack for");
        }
        else if (!_isPublishing)
        {
            Acknowledge(generation);
        }
    }

    private void Report(uint generation, string message)
    {
        BecomeActive();
        (_last, _isPublishing) = (generation, true);
        var device = Device;
        _reseed(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in generation)));
        _events.Report(new MachineEvent(Name, MachineEventKind.Restored, message)
        {
            Minimum = generation,
            Mark = generation,
            NoticedAt = Loop.Clock.GetTimestamp(),
            Published = _ => Published(device, generation),
        });
    }

    // One that has been followed by another is not acked: the machine waits for the last.
    private void Published(IHostDevice? device, uint generation)
    {
        if (device is null || device != Device || generation != _last) return;
        _isPublishing = false;
        Acknowledge(generation);
    }

    private void Acknowledge(uint generation)
    {
        var answer = Device!.Acknowledge(generation);
        if (answer.Kind == DeviceAnswerKind.Broken)
        {
            Fail(answer.Fault!);
        }
        else if (answer.Kind == DeviceAnswerKind.MovedOn && _refused == generation)
        {
            Fail($"gives generation {generation} and refuses the ack of it");
        }
        else
        {
            (_acked, _refused) = answer.Kind == DeviceAnswerKind.MovedOn ? (_acked, (uint?)generation) : (generation, null);
            Retry.Reset();
            Listen();
        }
    }

    // Between bump and ack the device stays readable: told of that for as long as it lasts the loop would have no rest, and
    // not told of anything it would not hear of the next bump while a sidecar takes its time. So it is told of bumps as they
    // come. The driver takes only those among its waiters who are up to date when they ask: hence anew after each ack.
    private void Listen()
    {
        try
        {
            Listen(Device!.Watcher, EventPoll.Readable | EventPoll.EdgeTriggered);
            BecomeActive();
        }
        catch (LinuxException refused)
        {
            Fail($"cannot be waited for ({refused.Error})");
        }
    }

    private void BecomeActive() =>
        Become(new SourceState(SourceReason.Active, $"{Path} of this machine's kernel tells of its restores"));
}
