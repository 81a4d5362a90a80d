using SysGenId.Core.Transport;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Checkpoints;

/// <summary>
/// Places kept for watchers that will come back (S23): after a restore those the checkpoint names, after a checkpoint
/// those that were disconnected for it. Each kind is forgotten when its grace period ends. Loop thread only.
/// </summary>
internal sealed class ReturningWatchers(EventLoop loop, PodGeneration pod, TimeSpan grace, int maximum, Log log)
{
    // Names of containers come from outside; only so many are remembered at one time.
    private const int MaximumGroups = 64;

    private readonly Dictionary<string, LoopTimer?> _groups = [];

    /// <summary>A container was restored whose checkpoint had so many watchers. None of them can be up to date.</summary>
    public void ExpectRestored(string container, int count)
    {
        // Disconnected at the checkpoint and gone with the process: they come back as the restored ones, once.
        Keep(Disconnected(container), 0, null);
        Keep(Outdated(container), 0, null);
        Keep(container, count, null);
        BeginGraceOf(container);
        pod.Recount();
    }

    /// <summary>Watchers are disconnected for a checkpoint of a container, some up to date, some not: they count as before.</summary>
    public void KeepDisconnected(string container, int upToDate, int outdated)
    {
        Keep(Disconnected(container), upToDate, pod.Registry.Generation);
        Keep(Outdated(container), outdated, null);
    }

    /// <summary>From now on the disconnected watchers can come back.</summary>
    public void BeginGrace(string container)
    {
        BeginGraceOf(Disconnected(container));
        BeginGraceOf(Outdated(container));
    }

    private static string Disconnected(string container) => container + "/disconnected";

    private static string Outdated(string container) => container + "/outdated";

    private void Keep(string group, int count, uint? handled)
    {
        if (_groups.Remove(group, out var timer)) timer?.Cancel();
        if (_groups.Count >= MaximumGroups) count = 0;
        pod.Registry.Expect(group, Math.Min(count, maximum), handled);
        if (count > 0) _groups[group] = null;
    }

    private void BeginGraceOf(string group)
    {
        if (!_groups.TryGetValue(group, out var timer)) return;
        timer?.Cancel();
        _groups[group] = loop.After(grace, () => Forget(group));
    }

    private void Forget(string group)
    {
        _groups.Remove(group);
        var before = pod.Registry.Counts.Expected;
        pod.Registry.ForgetExpected(group);
        var missing = before - pod.Registry.Counts.Expected;
        if (missing > 0) log.Write(LogLevel.Warning, $"watchers-missing group={group} count={missing}");
        pod.Recount();
    }
}
