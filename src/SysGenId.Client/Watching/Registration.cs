using System.Net.Sockets;
using System.Runtime.InteropServices;
using SysGenId.Client.Pages;

namespace SysGenId.Client.Watching;

/// <summary>A watcher's state and the connection over which its sidecar is told of it, changed together. Thread-safe.</summary>
internal sealed class Registration(MappedPage page)
{
    private readonly Lock _lock = new();
    private readonly WatcherState _state = new(page.Generation);
    private TaskCompletionSource _connected = NewConnected();
    private Socket? _socket;
    private bool _isClosed;

    /// <summary>The generation that was acknowledged last.</summary>
    public uint Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return _state.Acknowledged;
            }
        }
    }

    /// <summary>A sidecar counts this watcher, or will when it is back.</summary>
    public bool IsRegistered
    {
        get
        {
            lock (_lock)
            {
                return _state.IsRegistered;
            }
        }
    }

    /// <summary>A sidecar counts this watcher now and has been told of its acks.</summary>
    public bool IsConnected => ConnectedAsync().IsCompleted;

    /// <summary>Ends when a sidecar has counted this watcher and been told of its acks so far; at once while that is so.</summary>
    public Task ConnectedAsync()
    {
        lock (_lock)
        {
            return _connected.Task;
        }
    }

    /// <summary>Whether a generation other than the acknowledged one is there; the current one either way.</summary>
    public bool IsOutdated(out uint generation)
    {
        // In this order: an ack between the two looks makes us return a change that was handled just now, once more. The
        // other way round it would be the generation before that, which nobody may be told any more (S04).
        var acknowledged = Acknowledged;
        generation = page.Generation;
        return generation != acknowledged;
    }

    /// <inheritdoc cref="WatcherState.Acknowledge"/>
    public AcknowledgeOutcome Acknowledge(uint generation)
    {
        lock (_lock)
        {
            // The page is looked at under the lock, or a slow ack of an older generation could undo a newer one.
            var outcome = _state.Acknowledge(generation, page.Generation, out var word);
            Send_NeedsLock(word);
            return outcome;
        }
    }

    /// <summary>The watcher opens on a connection whose greeting was read.</summary>
    public void Open(Socket socket, uint greeting)
    {
        lock (_lock)
        {
            _socket = socket;
            _state.Open(greeting);
            _connected.TrySetResult();
        }
    }

    /// <summary>A connection was made; false when the watcher is closed meanwhile.</summary>
    public bool TryAttach(Socket socket)
    {
        lock (_lock)
        {
            if (_isClosed) return false;
            _socket = socket;
            var word = _state.Connected();
            Send_NeedsLock(word);

            // One that was never there is counted once it has heard its greeting.
            if (word is not null) Ready_NeedsLock();
            return true;
        }
    }

    /// <summary>A word came over the connection.</summary>
    public void Hear(uint generation)
    {
        lock (_lock)
        {
            Send_NeedsLock(_state.Heard(generation));
            Ready_NeedsLock();
        }
    }

    /// <summary>The connection ended.</summary>
    public void Detach()
    {
        lock (_lock)
        {
            Disconnect_NeedsLock();
        }
    }

    /// <summary>The watcher is closed for good: the sidecar sees it at once (S11).</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _socket?.Dispose();
            _socket = null;
        }
    }

    // What cannot be sent at once is sent by nobody: the connection is broken, or the sidecar has not read for thousands of
    // words. Ended, it is made anew, and begins with what was acknowledged last.
    private void Send_NeedsLock(uint? word)
    {
        if (word is not { } generation || _socket is null) return;
        var sent = _socket.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in generation)), SocketFlags.None, out var error);
        if (error != SocketError.Success || sent != sizeof(uint)) Disconnect_NeedsLock();
    }

    private void Ready_NeedsLock()
    {
        if (_socket is not null) _connected.TrySetResult();
    }

    // Whoever listens on the socket sees its end, and connects anew.
    private void Disconnect_NeedsLock()
    {
        _socket?.Dispose();
        _socket = null;
        _state.Disconnected();
        if (_connected.Task.IsCompleted) _connected = NewConnected();
    }

    private static TaskCompletionSource NewConnected() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
