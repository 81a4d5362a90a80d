using System.Runtime.InteropServices;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Core.Watchers;

namespace SysGenId.Sidecar.Watching;

/// <summary>
/// One watcher: words of 4 bytes both ways. Outwards it holds one slot with "the current generation is to be told"; what
/// the generation is, is looked up when the word leaves, so a slow reader gets the newest one. Allocates nothing per word.
/// </summary>
internal sealed class WatchConnection : IEventHandler
{
    private const int WordLength = sizeof(uint);
    private const int ReadLength = 16 * WordLength;

    // A client that never stops must not hold up a checkpoint.
    private const int MaximumDrain = 64;

    private readonly WatchServer _server;
    private readonly Descriptor _socket;
    private readonly long _token;
    private uint _incoming;
    private int _incomingLength;
    private uint _outgoing;
    private int _outgoingSent;
    private bool _isOwed;
    private bool _isUnconfirmed;
    private bool _isBlocked;
    private bool _isClosed;

    /// <exception cref="LinuxException">The socket cannot be served; it is the caller's to close.</exception>
    public WatchConnection(WatchServer server, Descriptor socket)
    {
        (_server, _socket) = (server, socket);
        UnixSocket.LimitUnread(socket);
        _token = server.Loop.Add(socket, EventPoll.Readable | EventPoll.PeerClosed, this);
        Watcher = server.Registry.Open(server.Recognise(socket));
    }

    public Watcher Watcher { get; }

    /// <summary>Where the server keeps it.</summary>
    public int Index { get; set; }

    /// <summary>When the incomplete word began that it holds; null while there is none.</summary>
    public long? PartialSince { get; private set; }

    /// <summary>The process that connected, held by descriptor; null when the kernel cannot say.</summary>
    public Descriptor? TryHoldPeer() => UnixSocket.TryPeerPidFd(_socket);

    /// <summary>Tells the client the current generation, now or as soon as it has read what it was told before.</summary>
    public void TellGeneration()
    {
        _isOwed = true;
        if (!_isBlocked) Send();
    }

    /// <summary>Takes in what the client has sent until now, unless that is more than anybody has to say.</summary>
    public void Drain()
    {
        for (var reads = 0; reads < MaximumDrain && !_isClosed && Receive(); reads++)
        {
        }
    }

    public void Close()
    {
        if (_isClosed) return;
        _isClosed = true;
        _server.Loop.Remove(_socket, _token);
        _socket.Dispose();
        _server.Forget(this);
    }

    void IEventHandler.OnReady(uint events)
    {
        if ((events & EventPoll.Writable) != 0) Send();
        if ((events & ~EventPoll.Writable) != 0) Receive();
    }

    // One read a time: readiness is reported again, and a client that floods us waits its turn like the others.
    private bool Receive()
    {
        Span<byte> buffer = stackalloc byte[ReadLength];
        var count = UnixSocket.Receive(_socket, buffer, out var error);
        if (count < 0 && error is Errno.EAGAIN or Errno.EINTR) return false;
        if (count <= 0)
        {
            Close();
            return false;
        }

        TakeWords(buffer[..count]);
        return true;
    }

    private void TakeWords(ReadOnlySpan<byte> bytes)
    {
        var (words, wrong) = (0, false);
        var word = MemoryMarshal.AsBytes(new Span<uint>(ref _incoming));
        foreach (var value in bytes)
        {
            word[_incomingLength++] = value;
            if (_incomingLength < WordLength) continue;
            _incomingLength = 0;
            words++;
            wrong |= _server.Registry.Acknowledge(Watcher, _incoming) == AckOutcome.NotCurrent;
        }

        NotePartial(isNew: words > 0);
        if (words == 0) return;
        _isUnconfirmed = false;
        _server.Acknowledged();
        if (wrong && !_isClosed) TellGeneration();
    }

    private void NotePartial(bool isNew)
    {
        if (isNew || _incomingLength == 0) PartialSince = null;
        if (_incomingLength > 0) PartialSince ??= _server.BeginPartial();
    }

    private void Send()
    {
        while (_outgoingSent > 0 || _isOwed)
        {
            // Who has not answered since may not have read: the kernel would queue words for it, old ones first.
            if (_outgoingSent == 0 && _isUnconfirmed && !UnixSocket.IsWritable(_socket))
            {
                Block(true);
                return;
            }

            if (_outgoingSent == 0) (_outgoing, _isOwed) = (_server.Registry.Generation, false);
            var word = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in _outgoing));
            var count = UnixSocket.Send(_socket, word[_outgoingSent..], out var error);
            if (count < 0 && error is Errno.EAGAIN or Errno.EINTR)
            {
                _isOwed |= _outgoingSent == 0;
                Block(true);
                return;
            }

            // A peer that is gone is found by reading.
            _outgoingSent = count < 0 ? 0 : (_outgoingSent + count) % WordLength;
            _isUnconfirmed = true;
        }

        Block(false);
    }

    private void Block(bool isBlocked)
    {
        if (_isBlocked == isBlocked) return;
        _isBlocked = isBlocked;
        _server.Loop.Modify(_socket, EventPoll.Readable | EventPoll.PeerClosed | (isBlocked ? EventPoll.Writable : 0), _token);
    }
}
