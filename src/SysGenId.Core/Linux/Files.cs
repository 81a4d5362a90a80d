using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SysGenId.Core.Linux;

/// <summary>Files by descriptor: what the runtime's own file classes do not offer (no-follow, statx, in-place mode).</summary>
internal static unsafe class Files
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;

    /// <summary>A terminal that is opened does not become the one that controls this process.</summary>
    public const int NoControllingTerminal = 0x100;

    public const int Truncate = 0x200;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    /// <summary>The file is found and nothing of it opened: what it is can be asked without any effect.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>Do not follow a symbolic link in the last component: a planted link is refused, not written through.</summary>
    public static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    private const int FromEnd = 2;
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const int LinkItself = 0x100;
    private const uint BasicStatus = 0x7FF;
    private const int StatusSize = 256;

    /// <summary>Opens a file, always close-on-exec.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static Descriptor Open(string path, int flags, uint mode = 0) =>
        TryOpen(path, flags, mode, out var error) ?? throw new LinuxException($"open {path}", error);

    /// <summary>Opens a file, or returns null and why not.</summary>
    public static Descriptor? TryOpen(string path, int flags, uint mode, out Errno error)
    {
        var number = Libc.open(path, flags | CloseOnExec, mode);
        error = number < 0 ? LastError : Errno.None;
        return number < 0 ? null : new Descriptor(number);
    }

    /// <summary>The status of an open file.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static FileStatus Status(Descriptor file)
    {
        var raw = stackalloc byte[StatusSize];
        Check(Libc.statx(file.Number, "", EmptyPath, BasicStatus, raw), "statx");
        return Parse(new ReadOnlySpan<byte>(raw, StatusSize));
    }

    /// <summary>The status of a path, of a symbolic link itself; null and why when it cannot be had.</summary>
    public static FileStatus? TryStatus(string path, out Errno error)
    {
        var raw = stackalloc byte[StatusSize];
        var failed = Libc.statx(CurrentDirectory, path, LinkItself, BasicStatus, raw) < 0;
        error = failed ? LastError : Errno.None;
        return failed ? null : Parse(new ReadOnlySpan<byte>(raw, StatusSize));
    }

    /// <summary>Reads at most the buffer's length; 0 at the end of the file.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static int Read(Descriptor file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Check(Libc.read(file.Number, start, (nuint)buffer.Length), "read");
        }
    }

    /// <summary>Reads at most the buffer's length, or returns -1 and why not; a signal is no reason.</summary>
    public static int TryRead(Descriptor file, Span<byte> buffer, out Errno error)
    {
        nint count;
        fixed (byte* start = buffer)
        {
            do
            {
                count = Libc.read(file.Number, start, (nuint)buffer.Length);
                error = count < 0 ? LastError : Errno.None;
            }
            while (error == Errno.EINTR);
        }

        return (int)count;
    }

    /// <summary>Goes behind what there is to read.</summary>
    /// <returns>Why it could not.</returns>
    public static Errno SeekToEnd(Descriptor file) => Libc.lseek(file.Number, 0, FromEnd) < 0 ? LastError : Errno.None;

    /// <summary>Writes all bytes.</summary>
    /// <exception cref="LinuxException">The call failed; some bytes may be written.</exception>
    public static void Write(Descriptor file, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            fixed (byte* start = bytes)
            {
                bytes = bytes[(int)Check(Libc.write(file.Number, start, (nuint)bytes.Length), "write")..];
            }
        }
    }

    /// <summary>Reads from an offset, which moves nothing, or returns -1 and why not; a signal is no reason.</summary>
    public static int TryReadAt(Descriptor file, Span<byte> buffer, long offset, out Errno error)
    {
        nint count;
        fixed (byte* start = buffer)
        {
            do
            {
                count = Libc.pread(file.Number, start, (nuint)buffer.Length, offset);
                error = count < 0 ? LastError : Errno.None;
            }
            while (error == Errno.EINTR);
        }

        return (int)count;
    }

    /// <summary>Writes in one call: how many bytes were taken, or -1 and why none were; a signal is no reason.</summary>
    public static int TryWrite(Descriptor file, ReadOnlySpan<byte> bytes, out Errno error)
    {
        nint count;
        fixed (byte* start = bytes)
        {
            do
            {
                count = Libc.write(file.Number, start, (nuint)bytes.Length);
                error = count < 0 ? LastError : Errno.None;
            }
            while (error == Errno.EINTR);
        }

        return (int)count;
    }

    public static void SetLength(Descriptor file, long length) => Check(Libc.ftruncate(file.Number, length), "ftruncate");

    /// <summary>Takes room for the first bytes of a file, so that stores through a mapping cannot run out of it. Content stays.</summary>
    /// <exception cref="LinuxException">There is no room.</exception>
    public static void Allocate(Descriptor file, long length)
    {
        if (Libc.fallocate(file.Number, 0, 0, length) == 0) return;
        var error = LastError;
        if (error != Errno.EOPNOTSUPP) throw new LinuxException("fallocate", error);

        // A file system without the call: the length at least.
        if (Status(file).Size < length) SetLength(file, length);
    }

    public static void SetPermissions(Descriptor file, uint mode) => Check(Libc.fchmod(file.Number, mode), "fchmod");

    public static void SetPermissions(string path, uint mode) => Check(Libc.chmod(path, mode), $"chmod {path}");

    public static void SetOwner(Descriptor file, uint owner, uint group) => Check(Libc.fchown(file.Number, owner, group), "fchown");

    /// <summary>Waits until the file's data is on its medium. Never called on the way of a restore.</summary>
    public static void Flush(Descriptor file) => Check(Libc.fsync(file.Number), "fsync");

    /// <summary>Replaces <paramref name="to"/> in one step.</summary>
    public static void Rename(string from, string to) => Check(Libc.rename(from, to), $"rename {from} to {to}");

    /// <summary>Removes a name; one that is not there is no error.</summary>
    public static void Remove(string path)
    {
        if (Libc.unlink(path) < 0 && LastError is not Errno.ENOENT and var error)
        {
            throw new LinuxException($"unlink {path}", error);
        }
    }

    /// <summary>Removes an empty directory: false when it is not empty, not there, or may not be removed.</summary>
    public static bool TryRemoveDirectory(string path) => Libc.rmdir(path) == 0;

    /// <summary>Makes a directory and those above it; one that is there already is left as it is.</summary>
    public static void CreateDirectory(string path, uint mode)
    {
        if (Libc.mkdir(path, mode) == 0 || LastError == Errno.EEXIST) return;
        var error = LastError;
        var parent = Path.GetDirectoryName(path);
        if (error != Errno.ENOENT || string.IsNullOrEmpty(parent)) throw new LinuxException($"mkdir {path}", error);
        CreateDirectory(parent, mode);
        if (Libc.mkdir(path, mode) < 0 && LastError is not Errno.EEXIST and var last) throw new LinuxException($"mkdir {path}", last);
    }

    /// <summary>Reads a small file to its end, or returns null and why not. Proc files report no size, hence the bound.</summary>
    /// <param name="path">The file; a symbolic link is refused.</param>
    /// <param name="limit">At most so many bytes; a longer file is an error (EINVAL).</param>
    /// <param name="error">Why nothing was read.</param>
    public static byte[]? TryReadAll(string path, int limit, out Errno error)
    {
        using var file = TryOpen(path, ReadOnly | NoFollow | NonBlocking, 0, out error);
        return file is null ? null : TryReadAll(file, limit, out error);
    }

    /// <summary>Reads an open file from where it stands to its end, or returns null and why not.</summary>
    public static byte[]? TryReadAll(Descriptor file, int limit, out Errno error)
    {
        var buffer = new byte[Math.Min(limit + 1, 4096)];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(limit + 1, buffer.Length * 4));
            nint count;
            fixed (byte* start = &buffer[length])
            {
                count = Libc.read(file.Number, start, (nuint)(buffer.Length - length));
            }

            if (count < 0 && (error = LastError) != Errno.EINTR) return null;
            if (count > 0) length += (int)count;
            if (length > limit) { error = Errno.EINVAL; return null; }
            if (count == 0) { error = Errno.None; return buffer[..length]; }
        }
    }

    /// <summary>Writes a file so that a reader sees the old or the new content, and a crash leaves one of the two.</summary>
    /// <exception cref="LinuxException">The content under <paramref name="path"/> is the old one, or the new one that a crash may undo.</exception>
    public static void ReplaceDurably(string path, ReadOnlySpan<byte> content, uint mode)
    {
        Replace(path, content, mode, durably: true);
        FlushName(path);
    }

    /// <summary>Waits until it is on the medium that a file has, or has not, this name.</summary>
    public static void FlushName(string path)
    {
        using var directory = Open(Path.GetDirectoryName(Path.GetFullPath(path))!, ReadOnly);
        Flush(directory);
    }

    /// <summary>Writes a file in one step for its readers; it may be lost in a crash of the machine.</summary>
    /// <exception cref="LinuxException">Nothing changed under <paramref name="path"/>.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, uint mode, bool durably = false)
    {
        var temporary = path + ".new";
        Remove(temporary);
        try
        {
            WriteNew(temporary, content, mode, durably);
            Rename(temporary, path);
        }
        catch (LinuxException)
        {
            Libc.unlink(temporary);
            throw;
        }
    }

    private static void WriteNew(string path, ReadOnlySpan<byte> content, uint mode, bool durably)
    {
        using var file = Open(path, WriteOnly | Create | Exclusive | NoFollow, mode);
        SetPermissions(file, mode);
        Write(file, content);
        if (durably) Flush(file);
    }

    /// <summary>The error of the last failed call of this thread.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    private static nint Check(nint result, string operation) =>
        result >= 0 ? result : throw new LinuxException(operation, LastError);

    // struct statx has one layout on every architecture, unlike struct stat.
    private static FileStatus Parse(ReadOnlySpan<byte> raw) => new(
        (Native(raw, 136), Native(raw, 140)),
        MemoryMarshal.Read<ulong>(raw[32..]),
        MemoryMarshal.Read<ushort>(raw[28..]),
        Native(raw, 16),
        Native(raw, 20),
        MemoryMarshal.Read<long>(raw[40..]),
        Native(raw, 24),
        MemoryMarshal.Read<long>(raw[96..]) * 1_000_000_000 + Native(raw, 104));

    private static uint Native(ReadOnlySpan<byte> raw, int offset) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(raw[offset..]) : BinaryPrimitives.ReadUInt32BigEndian(raw[offset..]);
}
