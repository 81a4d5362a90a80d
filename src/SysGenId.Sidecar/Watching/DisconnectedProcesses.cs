using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Watching;

/// <summary>
/// Whose watchers were disconnected for a checkpoint (S23), as the kernel names the processes: each has places of its own,
/// until it is back or ends (S11) or the grace period does. A sidecar sees of the processes of its pod no number and no
/// container, but it can hold them, and knows again whom it holds. Loop thread only.
/// </summary>
internal sealed class DisconnectedProcesses(EventLoop loop, PodGeneration pod, TimeSpan grace, int maximum, Log log)
{
    private readonly Dictionary<ulong, DisconnectedProcess> _processes = [];

    // Held as long as no connection is: of those nothing is known but who they are to the agent.
    private readonly List<Descriptor> _unnamed = [];
    private LoopTimer? _grace;

    /// <summary>The process at the other end of a connection, if anybody could be known again; otherwise 0.</summary>
    public ulong Recognise(Descriptor socket)
    {
        if (_processes.Count == 0) return 0;
        using var process = UnixSocket.TryPeerPidFd(socket);
        return process is null ? 0 : PidFd.Identity(process) ?? 0;
    }

    /// <summary>
    /// Keeps places for the watchers of these connections, which are about to be closed. Returns for how many it could not:
    /// the kernel does not name their processes (before Linux 6.9), or the one that connected has ended.
    /// </summary>
    public (int UpToDate, int Outdated) Keep(IReadOnlyList<WatchConnection> connections)
    {
        _grace?.Cancel();
        var (upToDate, outdated) = (0, 0);
        foreach (var connection in connections)
        {
            var isOutdated = pod.Registry.IsOutdated(connection.Watcher, out _);
            if (TryHold(connection) is { } process)
            {
                process.UpToDate += isOutdated ? 0 : 1;
                process.Outdated += isOutdated ? 1 : 0;
            }
            else
            {
                upToDate += isOutdated ? 0 : 1;
                outdated += isOutdated ? 1 : 0;
            }
        }

        foreach (var process in _processes.Values.ToArray()) Keep(process);
        return (upToDate, outdated);
    }

    /// <summary>From now on they can come back.</summary>
    public void BeginGrace()
    {
        foreach (var process in _unnamed) process.Dispose();
        _unnamed.Clear();
        _grace?.Cancel();
        _grace = _processes.Count == 0 ? null : loop.After(grace, ForgetAll);
    }

    /// <summary>The process of every watcher that is disconnected, as far as it can be held; once for each watcher.</summary>
    public IReadOnlyList<Descriptor> Held()
    {
        var held = new List<Descriptor>(_unnamed);
        foreach (var process in _processes.Values)
        {
            held.AddRange(Enumerable.Repeat(process.Process, Expected(process.UpToDateGroup) + Expected(process.OutdatedGroup)));
        }

        return held;
    }

    private DisconnectedProcess? TryHold(WatchConnection connection)
    {
        if (connection.TryHoldPeer() is not { } process) return null;
        if (PidFd.HasExited(process))
        {
            // Whoever has the connection now came by it in another way than connecting.
            process.Dispose();
            return null;
        }

        if (PidFd.Identity(process) is not { } identity || (_processes.Count >= maximum && !_processes.ContainsKey(identity)))
        {
            _unnamed.Add(process);
            return null;
        }

        if (!_processes.TryGetValue(identity, out var known)) return Watch(process, identity);
        process.Dispose();
        return known;
    }

    private DisconnectedProcess? Watch(Descriptor process, ulong identity)
    {
        try
        {
            return _processes[identity] = new DisconnectedProcess(loop, process, identity, Forget);
        }
        catch (LinuxException)
        {
            _unnamed.Add(process);
            return null;
        }
    }

    // Those of an earlier checkpoint that have not come since are still expected, as they stand now.
    private void Keep(DisconnectedProcess process)
    {
        var registry = pod.Registry;
        var (earlier, outdated) = registry.ExpectedOf(process.UpToDateGroup);
        process.UpToDate += earlier - outdated;
        process.Outdated += outdated + Expected(process.OutdatedGroup);
        registry.Expect(process.UpToDateGroup, Math.Min(process.UpToDate, maximum), registry.Generation, process.Identity);
        registry.Expect(process.OutdatedGroup, Math.Min(process.Outdated, maximum), null, process.Identity);
        if (process is { UpToDate: 0, Outdated: 0 }) Remove(process);
        (process.UpToDate, process.Outdated) = (0, 0);
    }

    private int Expected(string group) => pod.Registry.ExpectedOf(group).Count;

    private void Forget(DisconnectedProcess process)
    {
        Remove(process);
        pod.Recount();
    }

    private void Remove(DisconnectedProcess process)
    {
        _processes.Remove(process.Identity);
        process.Dispose();
        pod.Registry.ForgetExpected(process.UpToDateGroup);
        pod.Registry.ForgetExpected(process.OutdatedGroup);
    }

    private void ForgetAll()
    {
        var missing = Held().Count;
        if (missing > 0) log.Write(LogLevel.Warning, $"watchers-missing group=disconnected count={missing}");
        foreach (var process in _processes.Values.ToArray()) Remove(process);
        pod.Recount();
    }
}
