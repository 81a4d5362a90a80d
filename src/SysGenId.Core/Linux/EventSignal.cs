namespace SysGenId.Core.Linux;

/// <summary>An eventfd: any thread sets it, one event loop sees it. Setting it is thread-safe.</summary>
internal sealed unsafe class EventSignal : IDisposable
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    public EventSignal()
    {
        var number = Libc.eventfd(0, NonBlocking | CloseOnExec);
        Descriptor = number < 0 ? throw new LinuxException("eventfd", Files.LastError) : new Descriptor(number);
    }

    public Descriptor Descriptor { get; }

    public void Set()
    {
        ulong one = 1;
        Libc.write(Descriptor.Number, &one, sizeof(ulong));
    }

    public void Reset()
    {
        ulong count;
        Libc.read(Descriptor.Number, &count, sizeof(ulong));
    }

    public void Dispose() => Descriptor.Dispose();
}
