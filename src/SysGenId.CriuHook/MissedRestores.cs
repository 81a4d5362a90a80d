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

    public static void Leave(HookCall call, CheckpointRecord? record, bool isRefused, string reason)
    {
        using var directory = OpenDirectory.TryOpenItself(SystemPaths.Beside(call.Agent, SystemPaths.MissedName), out _);
        if (directory is null) return;
        var missed = new MissedRestore
        {
            IsRefused = isRefused,
            TimeNs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
            CriuPid = Libc.getppid(),
            InitPid = call.InitPid ?? 0,
            Cgroups = Bounded(call.InitPid is { } pid ? ProcessTable.Cgroups(pid) ?? "" : ""),
            Reason = Bounded(reason),
            Record = record,
        };
        try
        {
            directory.Replace($"{missed.TimeNs}-{missed.CriuPid}.json", missed.ToJson(), Mode);
        }
        catch (LinuxException failure)
        {
            CriuLog.Write($"the missed restore cannot be written down for the node agent: {failure.Message}.");
        }
    }

    private static string Bounded(string text) => text.Length <= LongestText ? text : text[..LongestText];
}
