using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sidecars;

/// <summary>A counter page as the kernel knows it: the same from every mount namespace.</summary>
internal sealed record PageIdentity((uint Major, uint Minor) Device, ulong Inode)
{
    /// <summary>
    /// The page in a directory that a process names, looked up in that process's own root, so that no symbolic link of
    /// its leads to the page of another; null unless it owns such a page.
    /// </summary>
    public static PageIdentity? Find(int pid, uint uid, string directory)
    {
        var page = ProcessRoot.TryStatus(pid, Path.Join(directory, SystemPaths.PageName));
        return page is { IsRegularFile: true } && page.Value.Owner == uid ? Of(page.Value) : null;
    }

    /// <summary>The file at a path of a process's root, were it a page; null when there is none.</summary>
    public static PageIdentity? TryFind(int pid, string path)
    {
        using var root = ProcessRoot.TryOpen(pid);
        return root is null ? null : TryFind(root, path);
    }

    /// <inheritdoc cref="TryFind(int, string)"/>
    public static PageIdentity? TryFind(Descriptor root, string path) =>
        ProcessRoot.TryStatus(root, path) is { IsRegularFile: true } status ? Of(status) : null;

    private static PageIdentity Of(FileStatus status) => new(status.Device, status.Inode);
}
