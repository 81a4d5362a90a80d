using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.CriuHook;

/// <summary>Whether a container is one of ours, told without the agent: one of ours sees the counter page.</summary>
internal static class ContainerMounts
{
    private const int MountPointField = 4;

    /// <summary>False also when the process is gone: CRIU will say so itself.</summary>
    public static bool AreOurs(int? initPid) => initPid is { } pid && ProcessTable.Mounts(pid) is { } mounts && AreOurs(mounts);

    /// <summary>The same, of the lines of a <c>/proc/PID/mountinfo</c>.</summary>
    public static bool AreOurs(string mountinfo)
    {
        foreach (var line in mountinfo.AsSpan().EnumerateLines())
        {
            if (SystemPaths.IsPageMount(MountPoint(line))) return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> MountPoint(ReadOnlySpan<char> line)
    {
        var field = 0;
        foreach (var range in line.Split(' '))
        {
            if (field++ == MountPointField) return line[range];
        }

        return [];
    }
}
