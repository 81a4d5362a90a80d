namespace SysGenId.Core.Linux;

/// <summary>Bytes of a unix stream socket with descriptors beside them (SCM_RIGHTS of unix(7)).</summary>
internal static unsafe class DescriptorMessage
{
    /// <summary>So many descriptors the kernel takes with one message.</summary>
    public const int MaximumDescriptors = 253;

    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x40000000;
    private const int SocketLevel = 1;
    private const int Rights = 1;

    // struct cmsghdr: size_t length, int level, int type; then the descriptors, all of it in multiples of 8 bytes.
    private const int ControlHeaderLength = 16;
    private const int ControlLength = (ControlHeaderLength + MaximumDescriptors * sizeof(int) + 7) & ~7;

    /// <summary>Sends what fits, and all descriptors with its first byte: the count of bytes, or -1 and why: then nothing was sent.</summary>
    public static int Send(Descriptor socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors, out Errno error)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaximumDescriptors);
        var control = stackalloc byte[ControlLength];
        var length = ControlHeaderLength + descriptors.Length * sizeof(int);
        *(nint*)control = length;
        ((int*)control)[2] = SocketLevel;
        ((int*)control)[3] = Rights;
        descriptors.CopyTo(new Span<int>(control + ControlHeaderLength, descriptors.Length));
        fixed (byte* start = bytes)
        {
            var vector = new Vector(start, (nuint)bytes.Length);
            var header = new Header(&vector, control, (nuint)((length + 7) & ~7));
            var count = Libc.sendmsg(socket.Number, &header, NoSignal);
            error = count < 0 ? Files.LastError : Errno.None;
            return (int)count;
        }
    }

    /// <summary>As <see cref="UnixSocket.Receive"/>; descriptors that came with the bytes are added to a list, whose owner closes them.</summary>
    public static int Receive(Descriptor socket, Span<byte> buffer, List<Descriptor> descriptors, out Errno error)
    {
        var control = stackalloc byte[ControlLength];
        fixed (byte* start = buffer)
        {
            var vector = new Vector(start, (nuint)buffer.Length);
            var header = new Header(&vector, control, ControlLength);
            var count = Libc.recvmsg(socket.Number, &header, CloseOnExec);
            error = count < 0 ? Files.LastError : Errno.None;
            if (count >= 0) Take(control, (int)header.ControlLength, descriptors);
            return (int)count;
        }
    }

    // There is room for one list and the kernel sends no more: nothing else was asked for on the socket.
    private static void Take(byte* control, int length, List<Descriptor> descriptors)
    {
        if (length < ControlHeaderLength || ((int*)control)[2] != SocketLevel || ((int*)control)[3] != Rights) return;
        var count = ((int)*(nint*)control - ControlHeaderLength) / sizeof(int);
        for (var index = 0; index < count; index++) descriptors.Add(new Descriptor(((int*)(control + ControlHeaderLength))[index]));
    }

    // struct iovec
    private readonly struct Vector(byte* start, nuint length)
    {
        public readonly byte* Start = start;
        public readonly nuint Length = length;
    }

    // struct msghdr of 64-bit machines
    private readonly struct Header(Vector* vectors, byte* control, nuint controlLength)
    {
        public readonly void* Name = null;
        public readonly nuint NameLength = 0;
        public readonly Vector* Vectors = vectors;
        public readonly nuint VectorCount = 1;
        public readonly byte* Control = control;
        public readonly nuint ControlLength = controlLength;
        public readonly nint Flags = 0;
    }
}
