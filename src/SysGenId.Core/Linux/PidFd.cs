namespace SysGenId.Core.Linux;

/// <summary>A process held by descriptor: its number cannot come to mean another process while this is open.</summary>
internal static unsafe class PidFd
{
    private const int OpenNumber = 434;
    private const int SendSignalNumber = 424;
    private const int PollIn = 1;

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

    /// <summary>Sends a signal to exactly this process.</summary>
    public static Errno Signal(Descriptor process, int signal) =>
        Libc.syscall(SendSignalNumber, process.Number, signal, 0, 0, 0, 0) < 0 ? Files.LastError : Errno.None;
}
