namespace SysGenId.Core.Linux;

/// <summary>An inotify instance: readable when a watched path changed. What changed is not told, only that something did.</summary>
internal sealed unsafe class ChangeNotification : IDisposable
{
    public const uint Modified = 0x2;
    public const uint AttributesChanged = 0x4;
    public const uint WrittenAndClosed = 0x8;
    public const uint MovedFrom = 0x40;
    public const uint MovedTo = 0x80;
    public const uint Created = 0x100;
    public const uint Deleted = 0x200;

    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    public ChangeNotification()
    {
        var number = Libc.inotify_init1(NonBlocking | CloseOnExec);
        Descriptor = number < 0 ? throw new LinuxException("inotify_init1", Files.LastError) : new Descriptor(number);
    }

    public Descriptor Descriptor { get; }

    /// <summary>Watches a path; false when it is not there.</summary>
    public bool TryWatch(string path, uint events) => Libc.inotify_add_watch(Descriptor.Number, path, events) >= 0;

    /// <summary>Discards what was reported so far.</summary>
    public void Drain()
    {
        var buffer = stackalloc byte[4096];
        while (Libc.read(Descriptor.Number, buffer, 4096) > 0)
        {
        }
    }

    public void Dispose() => Descriptor.Dispose();
}
