using System.Net.Sockets;
using System.Runtime.InteropServices;
using SysGenId.Client.Pages;
using SysGenId.Client.Watching;
using SysGenId.Core;
using SysGenId.Core.CounterPage;

namespace SysGenId.Client.Sockets;

/// <summary>
/// The watch connection, kept for as long as the watcher is open: it ends before every checkpoint (S22) and with the
/// sidecar, and is made anew with pauses that grow. Without end, as a sidecar may be back after minutes; but a directory
/// that never had a socket is looked at no more after a while, until somebody asks for what needs one.
/// </summary>
internal sealed class WatchLink
{
    private const int WordLength = sizeof(uint);

    private readonly string _path;
    private readonly MappedPage _page;
    private readonly Registration _registration;
    private readonly Action _moved;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private readonly DoublingPause _pause;
    private readonly long _opened;
    private TaskCompletionSource _wanted = NewSignal();
    private TaskCompletionSource _attempted = NewSignal();
    private volatile bool _isAbsent;
    private volatile bool _isHopeless;
    private int _isHurried;
    private volatile bool _isStopped;

    /// <param name="path">The watch socket.</param>
    /// <param name="page">The pod's page.</param>
    /// <param name="registration">What is told to the sidecar.</param>
    /// <param name="moved">Called when a word came: the page may have changed.</param>
    /// <param name="options">Pauses and clock.</param>
    public WatchLink(string path, MappedPage page, Registration registration, Action moved, GenerationWatcherOptions options)
    {
        (_path, _page, _registration, _moved) = (path, page, registration, moved);
        (_clock, _patience) = (options.TimeProvider, options.Patience);
        _pause = new DoublingPause(options.FirstPause, options.LongestPause);
        _opened = _clock.GetTimestamp();
    }

    /// <summary>There is no socket and never was, and the page says nothing of a checkpoint that would explain it.</summary>
    public bool IsAbsent => _isAbsent && !_registration.IsRegistered && !_page.Read().Flags.HasFlag(PageFlags.Quiesced);

    /// <summary>Registers the watcher now if the sidecar answers in time (S05), and goes on from there.</summary>
    public void Start()
    {
        var socket = TryConnect();
        if (socket is not null && TryReadGreeting(socket) is { } greeting) _registration.Open(socket, greeting);
        else Abandon(ref socket);

        // Without the caller's execution context, which would live as long as the watcher.
        ThreadPool.UnsafeQueueUserWorkItem(static start => _ = start.Link.RunAsync(start.Socket), (Link: this, Socket: socket), preferLocal: false);
    }

    /// <summary>It is a good moment for an attempt: the pause ends, if there is one, or the next one is none.</summary>
    public void Hurry()
    {
        if (!_registration.IsConnected) EndPause();
    }

    /// <summary>Waits until the sidecar counts the watcher and was told of its acks; false where there is no socket and none to be hoped for.</summary>
    /// <exception cref="ObjectDisposedException">The watcher is closed, already or while waiting.</exception>
    public async Task<bool> ConnectedAsync(CancellationToken cancellationToken)
    {
        var attempted = Volatile.Read(ref _attempted);
        Hurry();
        while (!_registration.IsConnected)
        {
            ObjectDisposedException.ThrowIf(_isStopped, typeof(GenerationWatcher));
            await Task.WhenAny(attempted.Task, _registration.ConnectedAsync()).WaitAsync(cancellationToken).ConfigureAwait(false);

            // In this order: an attempt that follows one look is seen by the next.
            attempted = Volatile.Read(ref _attempted);
            if (_isHopeless && !_registration.IsConnected) return false;
        }

        return true;
    }

    public void Stop()
    {
        _isStopped = true;
        _registration.Close();
        EndPause();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Abandon(ref Socket? socket)
    {
        socket?.Dispose();
        socket = null;
    }

    private void EndPause()
    {
        Interlocked.Exchange(ref _isHurried, 1);
        Volatile.Read(ref _wanted).TrySetResult();
    }

    private Socket? TryConnect()
    {
        var socket = SidecarSocket.TryConnect(_path, out var isAbsent);
        _isAbsent = isAbsent;
        return socket;
    }

    // The generation at which the sidecar registered us; null when it does not say so in time.
    private uint? TryReadGreeting(Socket socket)
    {
        uint greeting = 0;
        var rest = MemoryMarshal.AsBytes(new Span<uint>(ref greeting));
        while (rest.Length > 0)
        {
            if (!socket.Poll(_patience, SelectMode.SelectRead)) return null;
            var count = socket.Receive(rest, SocketFlags.None, out _);
            if (count <= 0) return null;
            rest = rest[count..];
        }

        return greeting;
    }

    private async Task RunAsync(Socket? socket)
    {
        while (true)
        {
            if (socket is not null)
            {
                await ListenAsync(socket).ConfigureAwait(false);
                _registration.Detach();
                socket = null;
            }

            if (!_isStopped) await PauseAsync().ConfigureAwait(false);
            if (!_isStopped) socket = Attempt();

            // Seen before the signal, or whoever waits for the next one and has not seen it would wait for ever.
            var isOver = _isStopped && socket is null;
            Interlocked.Exchange(ref _attempted, NewSignal()).TrySetResult();
            if (isOver) return;
        }
    }

    private Socket? Attempt()
    {
        var socket = TryConnect();
        if (socket is not null && !_registration.TryAttach(socket)) Abandon(ref socket);
        _isHopeless = socket is null && IsAbsent && _clock.GetElapsedTime(_opened) > _patience;
        return socket;
    }

    private async Task PauseAsync()
    {
        // Whoever hurries sees this signal, or is seen here.
        var wanted = NewSignal();
        Interlocked.Exchange(ref _wanted, wanted);
        if (Interlocked.Exchange(ref _isHurried, 0) == 1) return;
        using var timer = _isHopeless
            ? null
            : _clock.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), wanted, _pause.Next(), Timeout.InfiniteTimeSpan);
        await wanted.Task.ConfigureAwait(false);
        Interlocked.Exchange(ref _isHurried, 0);
    }

    // Ends with the connection, whoever ends it.
    private async Task ListenAsync(Socket socket)
    {
        var buffer = new byte[16 * WordLength];
        var length = 0;
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None).ConfigureAwait(false);
                if (count == 0) return;
                length = TakeWords(buffer, length + count);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // As if it had ended.
        }
    }

    private int TakeWords(byte[] buffer, int length)
    {
        var whole = length / WordLength * WordLength;
        foreach (var word in MemoryMarshal.Cast<byte, uint>(buffer.AsSpan(0, whole))) _registration.Hear(word);
        buffer.AsSpan(whole, length - whole).CopyTo(buffer);
        if (whole == 0) return length;
        _pause.Reset();
        _moved();
        return length - whole;
    }
}
