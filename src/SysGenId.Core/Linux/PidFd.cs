using System.Buffers.Text;

namespace SysGenId.Core.Linux;

/// <summary>A process held by descriptor: its number cannot come to mean another process while this is open.</summary>
internal static unsafe class PidFd
{
    private const int OpenNumber = 434;
    private const int SendSignalNumber = 424;
    private const int PollIn = 1;
    private const int FileSystemStatusSize = 128;
    private const int InformationLimit = 4096;

    // PIDFS_MAGIC: since Linux 6.9 a descriptor of a process is a file of a file system of its own.
    private const long ProcessFileSystem = 0x50494446;

    private static readonly bool _hasIdentities = HasIdentities();

    /// <summary>The process of that number now, or null and why not.</summary>
    public static Descriptor? TryOpen(int pid, out Errno error)
    {
        var number = Libc.syscall(OpenNumber, pid, 0, 0, 0, 0, 0);
        error = number < 0 ? Files.LastError : Errno.None;
        return number < 0 ? null : new Descriptor((int)number);
    }

    /// <summary>Whether the process has ended. Readiness for reading tells the same to an event loop.</summary>
    public static bool HasExited(Descriptor process)
    {
        // struct pollfd: int fd; short events; short revents
        var entry = stackalloc int[2] { process.Number, PollIn };
        return Libc.poll(entry, 1, 0) > 0;
    }

    /// <summary>
    /// The process's number in this process's pid namespace: null when it has been reaped, cannot be seen from here, or the
    /// descriptor is of something else.
    /// </summary>
    public static int? ProcessId(Descriptor process)
    {
        var text = Files.TryReadAll($"/proc/self/fdinfo/{process.Number}", InformationLimit, out _).AsSpan();
        var at = text.IndexOf("\nPid:\t"u8);
        return at >= 0 && Utf8Parser.TryParse(text[(at + 6)..], out int pid, out _) && pid > 0 ? pid : null;
    }

    /// <summary>
    /// Names the process for as long as the machine runs, the same for everybody and from every namespace: no other process
    /// ever has this name. Null before Linux 6.9.
    /// </summary>
    public static ulong? Identity(Descriptor process) => _hasIdentities ? Files.Status(process).Inode : null;

    /// <summary>
    /// Names the process among those that ever have its number: its identity or, on a kernel without, its start time. Null
    /// when it has ended.
    /// </summary>
    public static ulong? Incarnation(Descriptor process, int pid) => Identity(process) ?? ProcessTable.Status(pid)?.StartTime;

    /// <summary>The pid of the parent of a process with this number; null when it has ended.</summary>
    public static int? Parent(Descriptor process, int pid)
    {
        if (PidFdRequest.Parent(process, out _) is { } parent) return parent;

        // The kernel has no such request, or the parent is outside of our pid namespace (0 here), or the process has ended.
        // What /proc says is of whoever has the number now.
        return ProcessTable.Status(pid) is { } status && !HasExited(process) ? status.Parent : null;
    }

    /// <summary>
    /// The number of a namespace of a process with this number; null when we may not know it. It is this process's if the
    /// process has not ended when this returns.
    /// </summary>
    public static ulong? Namespace(Descriptor process, int pid, NamespaceKind kind) =>
        PidFdRequest.Namespace(process, kind, out var error) is { } number ? number
        : error == Errno.ESRCH ? null
        : ProcessTable.NamespaceNumber(pid, kind);

    /// <summary>Sends a signal to exactly this process.</summary>
    public static Errno Signal(Descriptor process, int signal) =>
        Libc.syscall(SendSignalNumber, process.Number, signal, 0, 0, 0, 0) < 0 ? Files.LastError : Errno.None;

    private static bool HasIdentities()
    {
        using var self = TryOpen(Libc.getpid(), out _);
        var status = stackalloc byte[FileSystemStatusSize];
        return self is not null && Libc.fstatfs(self.Number, status) == 0 && *(nint*)status == ProcessFileSystem;
    }
}
