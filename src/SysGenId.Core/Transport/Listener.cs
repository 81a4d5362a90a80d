using SysGenId.Core.Linux;

namespace SysGenId.Core.Transport;

/// <summary>Accepts connections at a path and hands each on. Loop thread only.</summary>
internal sealed class Listener : IEventHandler, IDisposable
{
    private const int Backlog = 1024;

    private static readonly TimeSpan _pauseWithoutDescriptors = TimeSpan.FromMilliseconds(100);

    private readonly EventLoop _loop;
    private readonly Descriptor _socket;
    private readonly Action<Descriptor> _accepted;
    private readonly long _token;
    private bool _disposed;

    /// <exception cref="LinuxException">The path cannot be served.</exception>
    public Listener(EventLoop loop, string path, uint mode, Action<Descriptor> accepted)
    {
        (_loop, _accepted) = (loop, accepted);
        _socket = UnixSocket.Listen(path, mode, Backlog);
        _token = loop.Add(_socket, EventPoll.Readable, this);
    }

    /// <summary>Stops accepting; connections that wait unaccepted end. The path stays and refuses until replaced or removed.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _loop.Remove(_socket, _token);
        _socket.Dispose();
    }

    void IEventHandler.OnReady(uint events)
    {
        // One a turn: who connects without end does not keep the others from being served, and most connect alone.
        // Readiness is reported again while somebody waits.
        if (UnixSocket.TryAccept(_socket, out var error) is { } connection) _accepted(connection);
        else if (error is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM) Pause();
    }

    // Out of descriptors the socket stays readable: without a pause the loop would spin until one is free.
    private void Pause()
    {
        _loop.Modify(_socket, 0, _token);
        _loop.After(_pauseWithoutDescriptors, () =>
        {
            if (!_disposed) _loop.Modify(_socket, EventPoll.Readable, _token);
        });
    }
}
