using System.Runtime.InteropServices;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Sockets;

/// <summary>
/// A connection to the watch socket, and one to the control socket for the operations of the same watcher. What reading
/// looks like to a device's client is kept here: the last word that came and was not read yet.
/// </summary>
internal sealed class SocketHandle : IBlockingHandle, IByteHandle, ISharedHandle, IOperatingHandle, IReturningHandle
{
    private const int WordLength = sizeof(uint);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    private readonly SocketWorld _world;
    private Descriptor _socket;
    private readonly Lazy<ControlClient> _control;
    private uint? _unread;
    private uint _handled;
    private bool _hasSpoken;

    private SocketHandle(SocketWorld world, Descriptor socket)
    {
        (_world, _socket) = (world, socket);
        _control = new Lazy<ControlClient>(() => new ControlClient(world.ControlPath));
    }

    /// <summary>A connection to the watch socket.</summary>
    private static Descriptor Connect(SocketWorld world) =>
        UnixSocket.TryConnect(world.WatchPath, blocking: false, out var error) ?? throw new LinuxException("connect", error);

    /// <summary>Connects; a watcher that comes back says first what it handled last (S23).</summary>
    public static SocketHandle Connect(SocketWorld world, uint? handled)
    {
        var handle = new SocketHandle(world, Connect(world));
        if (handled is not { } value) return handle;
        handle.Send(value);
        handle._handled = value;
        handle._hasSpoken = true;
        return handle;
    }

    /// <summary>Takes the word that every connection begins with; one who comes back and is outdated has it to read.</summary>
    public async Task ReceiveFirstAsync()
    {
        await Eventually.HoldsAsync(() => Readiness.Wait(_socket, Readiness.Readable, _look), what: "the first word");
        var first = Receive() ?? throw new EndOfStreamException();
        if (_hasSpoken && first != _handled) _unread = first;
        else _handled = first;
    }

    public async Task<ReadResult> TryReadAsync()
    {
        await _world.SettleAsync();
        return await TakeAsync();
    }

    public Task<ReadResult> TryReadAsync(int length)
    {
        var buffer = new byte[length];
        var count = UnixSocket.Receive(_socket, buffer, out var error);
        return Task.FromResult(count < 0 && error == Errno.EAGAIN
            ? ReadResult.WouldBlock
            : new ReadResult(Outcome.Success, count < WordLength ? 0 : MemoryMarshal.Read<uint>(buffer), count));
    }

    public Task<ReadResult> ReadAsync(CancellationToken interruption) => Task.Run(async () =>
    {
        while (!interruption.IsCancellationRequested)
        {
            if (IsReadable(_look)) return await TakeAsync();
        }

        return new ReadResult(Outcome.Interrupted);
    });

    public async Task<Outcome> AcknowledgeAsync(uint generation)
    {
        await SpeakFirstAsync();
        await CollectAsync();
        Send(generation);
        return await AnswerAsync(generation);
    }

    public async Task<Outcome> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await SpeakFirstAsync();
        UnixSocket.Send(_socket, bytes.Span, out _);
        await _world.SettleAsync();
        return Outcome.Success;
    }

    public async Task<bool> IsReadableAsync()
    {
        await _world.SettleAsync();
        return IsReadable(TimeSpan.Zero);
    }

    public async Task<Outcome> WaitForWatchersAsync(TimeSpan timeout) => ControlClient.OutcomeOf(await _control.Value.AskAsync(
        new { op = "wait-watchers", timeoutMs = (long)timeout.TotalMilliseconds, generation = _handled }));

    public async Task<Outcome> AskForUnknownAsync() => ControlClient.OutcomeOf(await _control.Value.AskAsync(new { op = "levitate" }));

    public Task<IWatcherHandle> ShareAsync() =>
        Task.FromResult<IWatcherHandle>(new SocketHandle(_world, PassedSocket.Copy(_socket)) { _handled = _handled, _hasSpoken = _hasSpoken });

    public async Task ReturnAsync()
    {
        Assert.Equal(0, UnixSocket.Receive(_socket, new byte[1], out _));
        _socket.Dispose();
        _socket = Connect(_world);
        Send(_handled);
        _hasSpoken = true;
        await ReceiveFirstAsync();
        await _world.SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (_control.IsValueCreated) _control.Value.Dispose();
        await _world.SettleAsync();
    }

    // The first word of a connection says what was handled before: of a new one, what it was opened at.
    private async Task SpeakFirstAsync()
    {
        if (_hasSpoken) return;
        await _world.SettleAsync();
        await CollectAsync();
        _hasSpoken = true;
        Send(_handled);
        await AnswerAsync(_handled);
    }

    // A word that is not current is answered with the one that is; nothing else tells that it was refused.
    private async Task<Outcome> AnswerAsync(uint generation)
    {
        await _world.SettleAsync();
        if (Receive() is not null) return Outcome.Invalid;
        _handled = generation;
        if (_unread == generation) _unread = null;
        return Outcome.Success;
    }

    private async Task<ReadResult> TakeAsync()
    {
        await CollectAsync();
        if (_unread is not { } word) return ReadResult.WouldBlock;
        _unread = null;
        return ReadResult.Of(word);
    }

    // The kernel holds up to two words that are older; the newest is sent when there is room.
    private async Task CollectAsync()
    {
        while (Receive() is { } word)
        {
            _unread = word;
            await _world.SettleAsync();
        }
    }

    private bool IsReadable(TimeSpan atMost) => _unread is not null || Readiness.Wait(_socket, Readiness.Readable, atMost);

    private void Send(uint word) => UnixSocket.Send(_socket, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in word)), out _);

    // The newest of the words that are there.
    private uint? Receive()
    {
        uint? newest = null;
        Span<byte> buffer = stackalloc byte[WordLength];
        while (UnixSocket.Receive(_socket, buffer, out _) == WordLength) newest = MemoryMarshal.Read<uint>(buffer);
        return newest;
    }
}
