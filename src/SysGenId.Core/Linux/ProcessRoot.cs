using System.Text;

namespace SysGenId.Core.Linux;

/// <summary>
/// Files as another process sees them, resolved inside its root: absolute symbolic links and <c>..</c> stay in there
/// (openat2 with RESOLVE_IN_ROOT, Linux 5.6). A path below <c>/proc/PID/root</c> would not do: a link could lead out.
/// </summary>
internal static unsafe class ProcessRoot
{
    private const int OpenNumber = 437;
    private const int PathOnly = 0x200000;
    private const ulong NoMagicLinks = 0x02;
    private const ulong InRoot = 0x10;

    /// <summary>The status of a path in a process's root; null when either is not there.</summary>
    public static FileStatus? TryStatus(int pid, string path)
    {
        using var root = TryOpen(pid);
        return root is null ? null : TryStatus(root, path);
    }

    /// <summary>A process's root, for several looks; null when it is not there.</summary>
    public static Descriptor? TryOpen(int pid) => Files.TryOpen($"/proc/{pid}/root", PathOnly, 0, out _);

    /// <summary>The status of a path in a root; null when it is not there.</summary>
    public static FileStatus? TryStatus(Descriptor root, string path)
    {
        // struct open_how: u64 flags, u64 mode, u64 resolve
        var how = stackalloc ulong[3] { (ulong)(PathOnly | Files.NoFollow | Files.CloseOnExec), 0, NoMagicLinks | InRoot };
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var number = Libc.syscall(OpenNumber, root.Number, (nint)name, (nint)how, 3 * sizeof(ulong), 0, 0);
            if (number < 0) return null;
            using var file = new Descriptor((int)number);
            return TryStatus(file);
        }
    }

    // The file system may be one of that process's own making, and answer as it likes.
    private static FileStatus? TryStatus(Descriptor file)
    {
        try
        {
            return Files.Status(file);
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
