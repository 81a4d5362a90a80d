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
    {
        _length = length;
        var protection = writable ? ProtectionRead | ProtectionWrite : ProtectionRead;
        Start = (byte*)Libc.mmap(null, (nuint)length, protection, Shared, file.Number, 0);
        if ((nint)Start == -1) throw new LinuxException("mmap", Files.LastError);
    }

    public byte* Start { get; private set; }

    public void Dispose()
    {
        if (Start != null) Libc.munmap(Start, (nuint)_length);
        Start = null;
    }
}
