using SysGenId.Core.Linux;
using SysGenId.Core.Transport;

namespace SysGenId.Operator.Node.Sources;

/// <summary>
/// A source that is a device: opened at the start, closed when it does not do what it should, and opened again later. What it
/// tells is the matter of each. Loop thread only.
/// </summary>
/// <typeparam name="TDevice">An open one.</typeparam>
internal abstract class DeviceSource<TDevice> : IEventSource, IEventHandler
    where TDevice : class, IDisposable
{
    private readonly string? _path;
    private readonly string _option;
    private readonly Func<string, (TDevice? Device, Errno Error)> _open;
    private (Descriptor Descriptor, long Token)? _listening;
    private bool _isStarted;
    private bool _wasThere;

    /// <param name="name">One of <see cref="SourceNames"/>.</param>
    /// <param name="loop">Where it lives.</param>
    /// <param name="path">The device; null: it is left alone.</param>
    /// <param name="option">What names the path.</param>
    /// <param name="open">The device at a path, or why there is none.</param>
    protected DeviceSource(string name, EventLoop loop, string? path, string option, Func<string, (TDevice? Device, Errno Error)> open)
    {
        (Name, Loop, _path, _option, _open) = (name, loop, path, option, open);
        Retry = new SourceRetry(loop, Open);
    }

    public string Name { get; }

    public SourceState State { get; private set; } = SourceState.NotStarted;

    public event Action? Changed;

    protected EventLoop Loop { get; }

    protected string Path => _path!;

    /// <summary>The open device; null while there is none.</summary>
    protected TDevice? Device { get; private set; }

    protected bool IsListening => _listening is not null;

    protected SourceRetry Retry { get; }

    public void Start()
    {
        if (_path is null) Become(DeviceStates.Disabled(_option));
        else Open();
        _isStarted = true;
    }

    public void Dispose()
    {
        Retry.Stop();
        Close();
    }

    public abstract void OnReady(uint events);

    /// <summary>Looks at the device, which has just been opened, and listens to it.</summary>
    protected abstract void Begin();

    /// <summary>What the path leads to if that is not to be opened; null: it is.</summary>
    protected virtual string? WhatElse() => null;

    protected virtual void Close()
    {
        Unlisten();
        Device?.Dispose();
        Device = null;
    }

    /// <exception cref="LinuxException">The descriptor cannot be waited for.</exception>
    protected void Listen(Descriptor descriptor, uint events)
    {
        Unlisten();
        _listening = (descriptor, Loop.Add(descriptor, events, this));
    }

    protected void Unlisten()
    {
        if (_listening is { } listening) Loop.Remove(listening.Descriptor, listening.Token);
        _listening = null;
    }

    protected void Fail(string why)
    {
        Close();
        Become(DeviceStates.Failed(Path, why));
        Retry.Schedule();
    }

    // What it has become at the start is not told: whoever starts it looks.
    protected void Become(SourceState state)
    {
        if (state == State) return;
        State = state;
        if (_isStarted) Changed?.Invoke();
    }

    private void Open()
    {
        if (WhatElse() is { } other)
        {
            Become(DeviceStates.NotPresent(Path, other));
            return;
        }

        (Device, var error) = _open(Path);
        if (Device is null)
        {
            Become(DeviceStates.NotOpened(Path, _option, error, _wasThere));
            if (State.Reason == SourceReason.Failed) Retry.Schedule();
            return;
        }

        _wasThere = true;
        Begin();
    }
}
