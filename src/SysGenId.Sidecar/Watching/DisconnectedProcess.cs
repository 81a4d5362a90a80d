using SysGenId.Core.Linux;
using SysGenId.Core.Transport;

namespace SysGenId.Sidecar.Watching;

/// <summary>A process whose watchers were disconnected, held until it is back, ends, or is forgotten.</summary>
internal sealed class DisconnectedProcess : IEventHandler, IDisposable
{
    private readonly EventLoop _loop;
    private readonly Action<DisconnectedProcess> _ended;
    private readonly long _token;

    /// <param name="loop">Sees it end.</param>
    /// <param name="process">The process; owned from here on.</param>
    /// <param name="identity">Its name of the kernel's.</param>
    /// <param name="ended">Called when it has ended.</param>
    /// <exception cref="LinuxException">It cannot be watched; the descriptor is the caller's to close.</exception>
    public DisconnectedProcess(EventLoop loop, Descriptor process, ulong identity, Action<DisconnectedProcess> ended)
    {
        (_loop, Process, Identity, _ended) = (loop, process, identity, ended);
        (UpToDateGroup, OutdatedGroup) = ($"process/{identity}/up-to-date", $"process/{identity}/outdated");
        _token = loop.Add(process, EventPoll.Readable, this);
    }

    public Descriptor Process { get; }

    public ulong Identity { get; }

    /// <summary>The names under which the registry keeps its places.</summary>
    public string UpToDateGroup { get; }

    /// <inheritdoc cref="UpToDateGroup"/>
    public string OutdatedGroup { get; }

    /// <summary>Watchers disconnected just now.</summary>
    public int UpToDate { get; set; }

    /// <inheritdoc cref="UpToDate"/>
    public int Outdated { get; set; }

    public void Dispose()
    {
        _loop.Remove(Process, _token);
        Process.Dispose();
    }

    void IEventHandler.OnReady(uint events) => _ended(this);
}
