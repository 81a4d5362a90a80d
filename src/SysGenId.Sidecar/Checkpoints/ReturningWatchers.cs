using SysGenId.Core.Transport;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;
using SysGenId.Sidecar.Watching;

namespace SysGenId.Sidecar.Checkpoints;

/// <summary>
/// Places kept for watchers that will come back (S23): after a restore those the checkpoint names, after a checkpoint
/// those that were disconnected for it and whose process is not known. Each kind is forgotten when its grace period ends.
/// Loop thread only.
/// </summary>
internal sealed class ReturningWatchers(
    EventLoop loop, PodGeneration pod, DisconnectedProcesses processes, TimeSpan grace, int maximum, Log log)
{
    // Names of containers come from outside; only so many are remembered at one time.
    private const int MaximumGroups = 64;

    private readonly Dictionary<string, LoopTimer?> _groups = [];
    private readonly HashSet<string> _restored = [];

    /// <summary>A container was restored whose checkpoint had so many watchers. None of them can be up to date.</summary>
    public void ExpectRestored(string container, int count)
    {
        // Disconnected at the checkpoint and gone with the process: they come back as the restored ones, once.
        Keep(Disconnected(container), 0, null);
        Keep(Outdated(container), 0, null);
        Keep(container, count, null);
        if (_groups.ContainsKey(container)) _restored.Add(container);
        BeginGraceOf(container);
        pod.Recount();
    }

    /// <summary>
    /// These are about to be disconnected for a checkpoint of a container: they count as before, each for its process where
    /// that is known.
    /// </summary>
    public void KeepDisconnected(string container, IReadOnlyList<WatchConnection> connections)
    {
        var (upToDate, outdated) = processes.Keep(connections);

        // Those of an earlier checkpoint that have not come since are still expected, as they stand now.
        var (earlier, earlierOutdated) = pod.Registry.ExpectedOf(Disconnected(container));
        outdated += earlierOutdated + pod.Registry.ExpectedOf(Outdated(container)).Count;
        Keep(Disconnected(container), upToDate + earlier - earlierOutdated, pod.Registry.Generation);
        Keep(Outdated(container), outdated, null);
    }

    /// <summary>How many are expected back that may be of this container: all but those restored with another.</summary>
    public int CountFor(string container)
    {
        var ofOthers = _restored.Where(restored => restored != container).Sum(restored => pod.Registry.ExpectedOf(restored).Count);
        return Math.Max(0, pod.Registry.Counts.Expected - ofOthers);
    }

    /// <summary>From now on the disconnected watchers can come back.</summary>
    public void BeginGrace(string container)
    {
        processes.BeginGrace();
        BeginGraceOf(Disconnected(container));
        BeginGraceOf(Outdated(container));
    }

    private static string Disconnected(string container) => container + "/disconnected";

    private static string Outdated(string container) => container + "/outdated";

    private void Keep(string group, int count, uint? handled)
    {
        _restored.Remove(group);
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
        _restored.Remove(group);
        var missing = pod.Registry.ExpectedOf(group).Count;
        pod.Registry.ForgetExpected(group);
        if (missing > 0) log.Write(LogLevel.Warning, $"watchers-missing group={group} count={missing}");
        pod.Recount();
    }
}
