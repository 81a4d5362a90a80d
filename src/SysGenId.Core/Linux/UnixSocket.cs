using System.Text;

namespace SysGenId.Core.Linux;

/// <summary>Unix stream sockets, non-blocking and close-on-exec unless said otherwise.</summary>
internal static unsafe class UnixSocket
{
    /// <summary>The longest path the kernel takes, in bytes without the closing zero (sun_path of unix(7)).</summary>
    public const int MaximumPathLength = 107;

    private const int Unix = 1;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000;
    private const int SocketLevel = 1;
    private const int SendBufferOption = 7;
    private const int PeerCredentialsOption = 17;
    private const int PeerPidFdOption = 77;
    private const short PollOut = 4;

    /// <summary>A socket that accepts connections under a path. A socket left there by a predecessor is replaced.</summary>
    /// <exception cref="LinuxException">Something else is there, or the directory refuses.</exception>
    public static Descriptor Listen(string path, uint mode, int backlog)
    {
        if (Files.TryStatus(path, out _) is { } present)
        {
            if (!present.IsSocket) throw new LinuxException($"bind {path}: something that is not a socket is there", Errno.EEXIST);
            Files.Remove(path);
        }

        var listener = Create(NonBlocking);
        try
        {
            Call(&Libc.bind, listener, path, $"bind {path}");
            Files.SetPermissions(path, mode);
            if (Libc.listen(listener.Number, backlog) < 0) throw new LinuxException($"listen {path}", Files.LastError);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Connects, or returns null and why not (ENOENT and ECONNREFUSED: nobody serves there now).</summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="blocking">Whether reads and writes wait.</param>
    /// <param name="error">Why there is no connection.</param>
    public static Descriptor? TryConnect(string path, bool blocking, out Errno error)
    {
        var socket = Create(blocking ? 0 : NonBlocking);
        try
        {
            Call(&Libc.connect, socket, path, $"connect {path}");
            error = Errno.None;
            return socket;
        }
        catch (LinuxException failure)
        {
            socket.Dispose();
            error = failure.Error;
            return null;
        }
    }

    /// <summary>The next connection, or null and why there is none (EAGAIN: nobody waits).</summary>
    public static Descriptor? TryAccept(Descriptor listener, out Errno error)
    {
        var number = Libc.accept4(listener.Number, null, null, NonBlocking | CloseOnExec);
        error = number < 0 ? Files.LastError : Errno.None;
        return number < 0 ? null : new Descriptor(number);
    }

    /// <summary>Sends what fits: the count, or -1 and why (EAGAIN: nothing fits now). A closed peer raises no signal.</summary>
    public static int Send(Descriptor socket, ReadOnlySpan<byte> bytes, out Errno error)
    {
        fixed (byte* start = bytes)
        {
            var count = Libc.send(socket.Number, start, (nuint)bytes.Length, NoSignal);
            error = count < 0 ? Files.LastError : Errno.None;
            return (int)count;
        }
    }

    /// <summary>
    /// Lets the kernel keep as little as it can for a peer that does not read: a socket so limited is writable while at
    /// most one small message waits unread.
    /// </summary>
    public static void LimitUnread(Descriptor socket)
    {
        var least = 0;
        if (Libc.setsockopt(socket.Number, SocketLevel, SendBufferOption, &least, sizeof(int)) < 0)
        {
            throw new LinuxException("setsockopt SO_SNDBUF", Files.LastError);
        }
    }

    /// <summary>Whether the peer has read most of what was sent: what readiness for writing tells an event loop.</summary>
    public static bool IsWritable(Descriptor socket)
    {
        // struct pollfd: int fd; short events; short revents
        var entry = stackalloc int[2] { socket.Number, PollOut };
        return Libc.poll(entry, 1, 0) > 0;
    }

    /// <summary>Receives what is there: the count, 0 at the end of the stream, or -1 and why (EAGAIN: nothing now).</summary>
    public static int Receive(Descriptor socket, Span<byte> buffer, out Errno error)
    {
        fixed (byte* start = buffer)
        {
            var count = Libc.recv(socket.Number, start, (nuint)buffer.Length, 0);
            error = count < 0 ? Files.LastError : Errno.None;
            return (int)count;
        }
    }

    /// <summary>Who connected, in the kernel's words (SO_PEERCRED).</summary>
    public static PeerCredentials Peer(Descriptor socket)
    {
        PeerCredentials peer;
        var length = (uint)sizeof(PeerCredentials);
        return Libc.getsockopt(socket.Number, SocketLevel, PeerCredentialsOption, &peer, &length) == 0
            ? peer
            : throw new LinuxException("getsockopt SO_PEERCRED", Files.LastError);
    }

    /// <summary>The connecting process held by descriptor (SO_PEERPIDFD, Linux 6.5); null where the kernel has no such option.</summary>
    public static Descriptor? TryPeerPidFd(Descriptor socket) => TryPeerPidFd(socket, out _);

    /// <inheritdoc cref="TryPeerPidFd(Descriptor)"/>
    /// <param name="socket">The connection.</param>
    /// <param name="error">ENOPROTOOPT where the kernel has no such option; anything else: the peer is gone.</param>
    public static Descriptor? TryPeerPidFd(Descriptor socket, out Errno error)
    {
        int number;
        var length = (uint)sizeof(int);
        var isThere = Libc.getsockopt(socket.Number, SocketLevel, PeerPidFdOption, &number, &length) == 0;
        error = isThere ? Errno.None : Files.LastError;
        return isThere ? new Descriptor(number) : null;
    }

    private static Descriptor Create(int flags)
    {
        var number = Libc.socket(Unix, Stream | CloseOnExec | flags, 0);
        return number < 0 ? throw new LinuxException("socket", Files.LastError) : new Descriptor(number);
    }

    private static void Call(delegate*<int, void*, uint, int> call, Descriptor socket, string path, string operation)
    {
        // struct sockaddr_un: u16 family, then the path and a closing zero
        var address = stackalloc byte[2 + MaximumPathLength + 1];
        if (Encoding.UTF8.GetByteCount(path) > MaximumPathLength)
        {
            throw new LinuxException($"{operation}: longer than {MaximumPathLength} bytes", Errno.EINVAL);
        }

        *(ushort*)address = Unix;
        var length = Encoding.UTF8.GetBytes(path, new Span<byte>(address + 2, MaximumPathLength));
        address[2 + length] = 0;
        if (call(socket.Number, address, (uint)(2 + length + 1)) < 0) throw new LinuxException(operation, Files.LastError);
    }
}
