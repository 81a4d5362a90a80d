using SysGenId.Core.Linux;
using SysGenId.Core.Transport;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>Calls once when a process has ended. Loop thread only.</summary>
internal sealed class ProcessExit : IEventHandler, IDisposable
{
    private readonly EventLoop _loop;
    private readonly Descriptor _process;
    private readonly Action _exited;
    private readonly long _token;
    private bool _disposed;

    private ProcessExit(EventLoop loop, Descriptor process, Action exited)
    {
        (_loop, _process, _exited) = (loop, process, exited);
        _token = loop.Add(process, EventPoll.Readable, this);
    }

    /// <summary>Watches the process that has this number now; null when there is none.</summary>
    public static ProcessExit? TryWatch(EventLoop loop, int pid, Action exited) =>
        PidFd.TryOpen(pid, out _) is { } process ? new ProcessExit(loop, process, exited) : null;

    /// <summary>Watches a run of CRIU; null when it has ended already.</summary>
    public static ProcessExit? TryWatch(EventLoop loop, CriuProcess criu, Action exited)
    {
        if (PidFd.TryOpen(criu.Pid, out _) is not { } process) return null;

        // The number may have been given to another process since it was read.
        if (criu.Is(process)) return new ProcessExit(loop, process, exited);
        process.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _loop.Remove(_process, _token);
        _process.Dispose();
    }

    void IEventHandler.OnReady(uint events)
    {
        Dispose();
        _exited();
    }
}
