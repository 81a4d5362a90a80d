using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>
/// Tells sidecars when a container has ended whose watchers they expect back (S11, S23): a process that is gone counts
/// as closed, and a container that was checkpointed to be moved never comes back here. Loop thread only.
/// </summary>
internal sealed class EndedContainers(EventLoop loop, SidecarDirectory sidecars)
{
    // One descriptor each, and only of use for the grace period of a sidecar.
    private const int MaximumTracked = 1024;

    private readonly Queue<ProcessExit> _tracked = [];

    /// <summary>From here on these sidecars expect watchers of this container.</summary>
    public void Track(HookCall call, IReadOnlyCollection<SidecarLink> expecting)
    {
        if (expecting.Count == 0 || call.InitPid <= 0) return;
        var exit = ProcessExit.TryWatch(loop, call.InitPid, () => Tell(call, expecting));
        if (exit is null)
        {
            Tell(call, expecting);
            return;
        }

        if (_tracked.Count == MaximumTracked) _tracked.Dequeue().Dispose();
        _tracked.Enqueue(exit);
    }

    private void Tell(HookCall call, IReadOnlyCollection<SidecarLink> expecting)
    {
        foreach (var link in expecting.Where(sidecars.Links.Contains))
        {
            link.Send(new Message { Op = Operation.ExpectWatchers, Container = call.Instance, Count = 0 });
        }
    }
}
