using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SysGenId.Core.Linux;

/// <summary>An epoll instance. Each descriptor carries a 64-bit token of the caller's.</summary>
internal sealed unsafe class EventPoll : IDisposable
{
    public const uint Readable = 0x001;
    public const uint Writable = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const uint PeerClosed = 0x2000;

    /// <summary>Tells of an event when it comes, not for as long as it lasts.</summary>
    public const uint EdgeTriggered = 0x80000000;

    private const int AddOperation = 1;
    private const int RemoveOperation = 2;
    private const int ModifyOperation = 3;
    private const int CloseOnExec = 0x80000;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int _eventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int _tokenOffset = _eventSize - 8;

    private readonly Descriptor _poll;
    private readonly byte* _events;
    private readonly int _capacity;

    public EventPoll(int capacity)
    {
        var number = Libc.epoll_create1(CloseOnExec);
        if (number < 0) throw new LinuxException("epoll_create1", Files.LastError);
        _poll = new Descriptor(number);
        _capacity = capacity;
        _events = (byte*)NativeMemory.Alloc((nuint)(capacity * _eventSize));
    }

    public void Add(Descriptor descriptor, uint events, long token) => Control(AddOperation, descriptor, events, token);

    public void Modify(Descriptor descriptor, uint events, long token) => Control(ModifyOperation, descriptor, events, token);

    public void Remove(Descriptor descriptor) => Control(RemoveOperation, descriptor, 0, 0);

    /// <summary>Waits for events: how many there are, 0 on time-out or signal.</summary>
    /// <param name="timeoutMs">At most so many milliseconds; -1 waits without limit.</param>
    public int Wait(int timeoutMs)
    {
        var count = Libc.epoll_wait(_poll.Number, _events, _capacity, timeoutMs);
        if (count >= 0) return count;
        return Files.LastError == Errno.EINTR ? 0 : throw new LinuxException("epoll_wait", Files.LastError);
    }

    /// <summary>The events and the token of entry <paramref name="index"/> of the last wait.</summary>
    public (uint Events, long Token) this[int index]
    {
        get
        {
            var entry = _events + index * _eventSize;
            return (*(uint*)entry, Unsafe.ReadUnaligned<long>(entry + _tokenOffset));
        }
    }

    public void Dispose()
    {
        if (_poll.IsClosed) return;
        _poll.Dispose();
        NativeMemory.Free(_events);
    }

    private void Control(int operation, Descriptor descriptor, uint events, long token)
    {
        var change = stackalloc byte[16];
        *(uint*)change = events;
        Unsafe.WriteUnaligned(change + _tokenOffset, token);
        if (Libc.epoll_ctl(_poll.Number, operation, descriptor.Number, change) < 0) throw new LinuxException("epoll_ctl", Files.LastError);
    }
}
