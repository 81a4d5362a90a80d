using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook;

/// <summary>What the agent will read when it is back. Where no agent made the directory, nothing is left behind.</summary>
internal static class MissedRestores
{
    private const uint Mode = 0x180; // 0600

    /// <summary>A stranger's sentence or a host of cgroup hierarchies must not make the file too long to be read again.</summary>
    private const int LongestText = 4096;

    /// <summary>
    /// Some thousand entries on a tmpfs, where the place is. An agent that is away for so long catches up by the first of
    /// them, and must not find the node's memory used up by the rest.
    /// </summary>
    private const int FullSize = 64 * 1024;

    public static void Leave(HookCall call, CheckpointRecord? record, bool isRefused, string reason)
    {
        using var directory = OpenDirectory.TryOpenItself(SystemPaths.Beside(call.Agent, SystemPaths.MissedName), out _);
        if (directory is null) return;
        var missed = new MissedRestore
        {
            IsRefused = isRefused,
            TimeNs = TimeProvider.System.UnixNanoseconds(),
            CriuPid = Libc.getppid(),
            InitPid = call.InitPid ?? 0,
            Cgroups = Bounded(call.InitPid is { } pid ? ProcessTable.Cgroups(pid) ?? "" : ""),
            Reason = Bounded(reason),
            Record = record,
        };
        try
        {
            if (directory.Size >= FullSize) throw new LinuxException("the place for missed restores is full", Errno.ENOSPC);
            directory.Replace($"{missed.TimeNs}-{missed.CriuPid}.json", missed.ToJson(), Mode);
        }
        catch (LinuxException failure)
        {
            CriuLog.Write($"the missed restore cannot be written down for the node agent: {failure.Message}.");
        }
    }

    private static string Bounded(string text) => text.Length <= LongestText ? text : text[..LongestText];
}
