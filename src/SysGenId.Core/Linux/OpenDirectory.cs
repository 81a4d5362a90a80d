namespace SysGenId.Core.Linux;

/// <summary>
/// A directory held by descriptor. Names are single components; a symbolic link under such a name is never followed,
/// so that whoever may write in the directory cannot make us read or write elsewhere.
/// </summary>
internal sealed class OpenDirectory : IDisposable
{
    private readonly Descriptor _directory;

    private OpenDirectory(Descriptor directory) => _directory = directory;

    /// <summary>Opens a directory; the path itself may lead through links (<c>/proc/PID/fd/N</c> is one).</summary>
    public static OpenDirectory? TryOpen(string path, out Errno error)
    {
        // "/." makes everything that is not a directory ENOTDIR, also a FIFO, which would block.
        var directory = Files.TryOpen(path + "/.", Files.ReadOnly, 0, out error);
        return directory is null ? null : new OpenDirectory(directory);
    }

    /// <summary>What the file system says of its size: no count, but it grows with the entries.</summary>
    public long Size => Files.Status(_directory).Size;

    /// <summary>Opens a directory unless a symbolic link is in its place.</summary>
    public static OpenDirectory? TryOpenItself(string path, out Errno error)
    {
        var directory = Files.TryOpen(path, Files.ReadOnly | Files.NoFollow | Files.NonBlocking, 0, out error);
        if (directory is null) return null;
        if (Files.Status(directory).IsDirectory) return new OpenDirectory(directory);
        directory.Dispose();
        error = Errno.ENOTDIR;
        return null;
    }

    /// <summary>The content of a regular file, or null and why not: EINVAL when it is longer than the limit or no regular file.</summary>
    public byte[]? TryReadAll(string name, int limit, out Errno error)
    {
        using var file = TryOpen(name, Files.ReadOnly | Files.NoFollow | Files.NonBlocking, 0, out error);
        if (file is null) return null;
        if (Files.Status(file) is { IsRegularFile: true } status && status.Size <= limit) return Files.TryReadAll(file, limit, out error);
        error = Errno.EINVAL;
        return null;
    }

    /// <summary>Makes or replaces a file in one step: its name never shows a part of the content.</summary>
    /// <exception cref="LinuxException">What was under the name is still there.</exception>
    public void Replace(string name, ReadOnlySpan<byte> content, uint mode)
    {
        var temporary = $".{name}.new";
        Remove(temporary);
        try
        {
            using var file = TryOpen(temporary, Files.WriteOnly | Files.Create | Files.Exclusive | Files.NoFollow, mode, out var error)
                ?? throw new LinuxException($"create {temporary}", error);
            Files.Write(file, content);
            if (Libc.renameat(_directory.Number, temporary, _directory.Number, name) < 0) throw new LinuxException($"rename to {name}", Files.LastError);
        }
        catch (LinuxException)
        {
            Libc.unlinkat(_directory.Number, temporary, 0);
            throw;
        }
    }

    /// <summary>Removes a name; one that is not there is no error.</summary>
    /// <exception cref="LinuxException">It is still there.</exception>
    public void Remove(string name)
    {
        if (Libc.unlinkat(_directory.Number, name, 0) < 0 && Files.LastError is not Errno.ENOENT and var error)
        {
            throw new LinuxException($"unlink {name}", error);
        }
    }

    public void Dispose() => _directory.Dispose();

    private Descriptor? TryOpen(string name, int flags, uint mode, out Errno error)
    {
        var number = Libc.openat(_directory.Number, name, flags | Files.CloseOnExec, mode);
        error = number < 0 ? Files.LastError : Errno.None;
        return number < 0 ? null : new Descriptor(number);
    }
}
