namespace SysGenId.Core.Linux;

/// <summary>One shared mapping of the first bytes of a file. Not thread-safe to dispose while in use.</summary>
internal sealed unsafe class SharedPage : IDisposable
{
    private const int ProtectionRead = 1;
    private const int ProtectionWrite = 2;
    private const int Shared = 1;

    private readonly int _length;

    /// <exception cref="LinuxException">The file cannot be mapped so.</exception>
    public SharedPage(Descriptor file, int length, bool writable)
        : this(Map(file, length, writable), length)
    {
        if (IsRefused(Start)) throw new LinuxException("mmap", Files.LastError);
    }

    private SharedPage(byte* start, int length)
    {
        Start = start;
        _length = length;
    }

    /// <summary>Maps for reading, or returns null and why not: devices offer it or do not.</summary>
    public static SharedPage? TryMap(Descriptor file, int length, out Errno error)
    {
        var start = Map(file, length, writable: false);
        error = IsRefused(start) ? Files.LastError : Errno.None;
        return IsRefused(start) ? null : new SharedPage(start, length);
    }

    public byte* Start { get; private set; }

    public void Dispose()
    {
        if (Start != null) Libc.munmap(Start, (nuint)_length);
        Start = null;
    }

    private static byte* Map(Descriptor file, int length, bool writable) => (byte*)Libc.mmap(
        null, (nuint)length, writable ? ProtectionRead | ProtectionWrite : ProtectionRead, Shared, file.Number, 0);

    private static bool IsRefused(byte* start) => (nint)start == -1;
}
