using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sidecars;

/// <summary>A counter page as the kernel knows it: the same from every mount namespace.</summary>
internal sealed record PageIdentity((uint Major, uint Minor) Device, ulong Inode)
{
    /// <summary>The page in a directory that a process names, seen through that process; null unless it owns such a page.</summary>
    public static PageIdentity? Find(int pid, uint uid, string directory)
    {
        var page = Files.TryStatus($"/proc/{pid}/root{Path.Join("/", directory, SystemPaths.PageName)}", out _);
        return page is { IsRegularFile: true } && page.Value.Owner == uid ? Of(page.Value) : null;
    }

    /// <summary>Whether it is at a path.</summary>
    public bool IsAt(string path) => Files.TryStatus(path, out _) is { IsRegularFile: true } status && Of(status) == this;

    private static PageIdentity Of(FileStatus status) => new(status.Device, status.Inode);
}
