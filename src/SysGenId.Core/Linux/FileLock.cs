namespace SysGenId.Core.Linux;

/// <summary>
/// One process holds a file of this name. The kernel lets go of it when that process ends, however it ends. The file is
/// of mode 0600: everybody who can open a file can lock it, so what others may read is no place for a lock.
/// </summary>
internal static class FileLock
{
    private const uint OwnerOnly = 0x180; // 0600
    private const int Exclusive = 2;
    private const int DoNotWait = 4;

    /// <summary>Takes the lock until the result is disposed; null when another process has it.</summary>
    /// <exception cref="LinuxException">The file cannot be made or opened.</exception>
    public static Descriptor? TryTake(string path)
    {
        var file = Files.Open(path, Files.ReadWrite | Files.Create | Files.NoFollow, OwnerOnly);
        if (Libc.flock(file.Number, Exclusive | DoNotWait) == 0) return file;
        var error = Files.LastError;
        file.Dispose();
        return error == Errno.EAGAIN ? null : throw new LinuxException($"flock {path}", error);
    }
}
