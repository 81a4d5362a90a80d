namespace SysGenId.Core.Linux;

/// <summary>A system call failed. The message names the operation, its object and the error.</summary>
internal sealed class LinuxException(string operation, Errno error)
    : IOException($"{operation}: {Describe(error)}")
{
    /// <summary>The error number of the failed call.</summary>
    public Errno Error { get; } = error;

    private static string Describe(Errno error) => error switch
    {
        Errno.EPERM => "operation not permitted (EPERM)",
        Errno.ENOENT => "no such file or directory (ENOENT)",
        Errno.EACCES => "permission denied (EACCES)",
        Errno.EEXIST => "file exists (EEXIST)",
        Errno.ENOTDIR => "not a directory (ENOTDIR)",
        Errno.EISDIR => "is a directory (EISDIR)",
        Errno.ENOSPC => "no space left on device (ENOSPC)",
        Errno.EROFS => "read-only file system (EROFS)",
        Errno.ELOOP => "is a symbolic link (ELOOP)",
        Errno.EADDRINUSE => "address already in use (EADDRINUSE)",
        Errno.ECONNREFUSED => "connection refused (ECONNREFUSED)",
        Errno.EMFILE => "too many open files (EMFILE)",
        _ => $"error {(int)error} ({error})",
    };
}
