using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.Core.Transport;

/// <summary>
/// A connection that carries lines both ways, with bounds on what a peer can make us keep: one line inwards, some
/// hundred KiB outwards. Loop thread only.
/// </summary>
internal sealed class LineConnection : IEventHandler, IDisposable
{
    private const int FirstBufferLength = 1024;

    private readonly EventLoop _loop;
    private readonly Descriptor _socket;
    private readonly ILineHandler _handler;
    private readonly int _maximumLine;
    private readonly int _maximumUnsent;
    private readonly List<Descriptor> _descriptors = [];
    private byte[] _input = [];
    private int _inputLength;
    private long? _token;
    private byte[] _unsent = [];
    private int _unsentLength;
    private LoopTimer? _partial;
    private LoopTimer? _lastSend;
    private bool _closed;
    private bool _closeWhenSent;

    /// <summary>Serves a connection; nothing is read before <see cref="Start"/> or the loop's next turn.</summary>
    /// <param name="loop">The loop it lives on.</param>
    /// <param name="socket">The connection; owned from here on.</param>
    /// <param name="handler">Told of lines and of the end.</param>
    /// <param name="maximumLine">The longest line taken, newline included.</param>
    /// <param name="maximumUnsent">How much may wait for a peer that does not read.</param>
    /// <param name="isStarted">False: the owner calls <see cref="Start"/> when it is ready for lines.</param>
    /// <exception cref="LinuxException">The socket cannot be watched; it is the caller's to close.</exception>
    public LineConnection(
        EventLoop loop,
        Descriptor socket,
        ILineHandler handler,
        int maximumLine = ProtocolLimits.MaximumLineLength,
        int maximumUnsent = ProtocolLimits.MaximumUnsent,
        bool isStarted = true)
    {
        (_loop, _socket, _handler, _maximumLine, _maximumUnsent) = (loop, socket, handler, maximumLine, maximumUnsent);
        if (isStarted) Watch();
    }

    /// <summary>The socket, to ask the kernel about its peer.</summary>
    public Descriptor Socket => _socket;

    public bool IsClosed => _closed;

    /// <summary>Whether descriptors that the peer sends with its lines are taken in; otherwise the kernel drops them.</summary>
    public bool TakesDescriptors { get; set; }

    /// <summary>
    /// Reads what the peer may have sent already, and then what comes. Who connects to ask is served without another turn
    /// of the loop.
    /// </summary>
    public void Start()
    {
        Receive();
        if (_closed || _token is not null) return;
        try
        {
            Watch();
        }
        catch (LinuxException)
        {
            Dispose();
        }
    }

    /// <summary>Sends bytes, newline included, now or as soon as the peer reads. A peer that lets too much pile up is disconnected.</summary>
    public void Send(ReadOnlySpan<byte> line)
    {
        if (_closed) return;
        if (_unsentLength == 0)
        {
            var sent = UnixSocket.Send(_socket, line, out var error);
            if (sent == line.Length) return;
            if (sent < 0 && error != Errno.EAGAIN)
            {
                // The peer is gone; what it sent before it went is still read, and then the end of its stream.
                return;
            }

            line = line[Math.Max(sent, 0)..];
        }

        if (_unsentLength + line.Length > _maximumUnsent)
        {
            // Not at once: the caller may be in the middle of sending the same to many.
            _loop.Post(Dispose);
            return;
        }

        Keep(line);
        Watch();
    }

    /// <summary>
    /// Sends a line with descriptors, which stay the caller's; false when that cannot be done now: then it is lost, as
    /// descriptors cannot be kept for a peer that does not read.
    /// </summary>
    public bool TrySend(ReadOnlySpan<byte> line, ReadOnlySpan<int> descriptors)
    {
        if (_closed || _unsentLength > 0) return false;
        var sent = DescriptorMessage.Send(_socket, line, descriptors, out _);
        if (sent < 0) return false;
        if (sent < line.Length) Send(line[sent..]);
        return true;
    }

    /// <summary>
    /// While a line is handled: the first so many of the descriptors that have come and were not taken, or as many as there
    /// are. The caller closes them. Those that nobody takes are closed with the last line they may belong to.
    /// </summary>
    public Descriptor[] TakeDescriptors(int atMost)
    {
        var taken = _descriptors.Take(atMost).ToArray();
        _descriptors.RemoveRange(0, taken.Length);
        return taken;
    }

    /// <summary>Closes once everything given to <see cref="Send"/> is sent. Nothing more is read.</summary>
    public void CloseWhenSent()
    {
        if (_closed || _closeWhenSent) return;
        _closeWhenSent = true;
        _partial?.Cancel();
        DropDescriptors();
        if (_unsentLength == 0)
        {
            Dispose();
            return;
        }

        Watch();
        _lastSend = _loop.After(ProtocolLimits.PartialMessageTimeout, Dispose);
    }

    /// <summary>Closes now. The handler is told, within this call.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _partial?.Cancel();
        _lastSend?.Cancel();
        if (_token is { } token) _loop.Remove(_socket, token);
        _socket.Dispose();
        DropDescriptors();
        _handler.OnClosed(this);
    }

    void IEventHandler.OnReady(uint events)
    {
        if ((events & EventPoll.Writable) != 0) SendKept();
        if (!_closed && !_closeWhenSent && (events & ~EventPoll.Writable) != 0) Receive();
        else if (!_closed && _closeWhenSent && (events & (EventPoll.Error | EventPoll.HangUp)) != 0) Dispose();
    }

    // One read a time: readiness is reported again, and a peer that floods us waits its turn like the others.
    private void Receive()
    {
        if (_inputLength == _input.Length) Array.Resize(ref _input, Math.Min(_maximumLine + 1, Math.Max(FirstBufferLength, _input.Length * 4)));
        var count = ReceiveInto(_input.AsSpan(_inputLength), out var error);
        if (count < 0 && error is Errno.EINTR or Errno.EAGAIN) return;
        if (count <= 0)
        {
            Dispose();
            return;
        }

        _inputLength += count;
        TakeLines();
    }

    private int ReceiveInto(Span<byte> buffer, out Errno error) => TakesDescriptors
        ? DescriptorMessage.Receive(_socket, buffer, _descriptors, out error)
        : UnixSocket.Receive(_socket, buffer, out error);

    private void TakeLines()
    {
        var start = 0;
        while (!_closed && !_closeWhenSent)
        {
            var length = _input.AsSpan(start, _inputLength - start).IndexOf((byte)'\n');
            if (length < 0) break;
            if (length >= _maximumLine)
            {
                Fault(LineFault.TooLong);
                return;
            }

            _handler.OnLine(this, _input.AsSpan(start, length));
            start += length + 1;
        }

        // A handler that closes from within its line reads no more.
        if (_closed || _closeWhenSent) return;
        _inputLength -= start;

        // Those of a line that is yet to end come with its first byte, and no message brings more.
        if (_inputLength == 0 || _descriptors.Count > DescriptorMessage.MaximumDescriptors) DropDescriptors();
        _input.AsSpan(start, _inputLength).CopyTo(_input);
        if (_inputLength >= _maximumLine) Fault(LineFault.TooLong);
        else LimitPartialLine(isNew: start > 0);
    }

    private void DropDescriptors()
    {
        foreach (var descriptor in _descriptors) descriptor.Dispose();
        _descriptors.Clear();
    }

    private void LimitPartialLine(bool isNew)
    {
        if (_inputLength == 0 || isNew)
        {
            _partial?.Cancel();
            _partial = null;
        }

        if (_inputLength > 0) _partial ??= _loop.After(ProtocolLimits.PartialMessageTimeout, () => Fault(LineFault.TooSlow));
    }

    private void Fault(LineFault fault)
    {
        if (_closed) return;
        _handler.OnFault(this, fault);
        CloseWhenSent();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_unsent.Length - _unsentLength < bytes.Length) Array.Resize(ref _unsent, Math.Max(FirstBufferLength, (_unsentLength + bytes.Length) * 2));
        bytes.CopyTo(_unsent.AsSpan(_unsentLength));
        _unsentLength += bytes.Length;
    }

    private void SendKept()
    {
        var sent = UnixSocket.Send(_socket, _unsent.AsSpan(0, _unsentLength), out var error);
        if (sent < 0 && !_closeWhenSent && error is (Errno.EPIPE or Errno.ECONNRESET))
        {
            // As in Send: the peer is gone, and what it sent before it went is still read.
            _unsentLength = 0;
            Watch();
            return;
        }

        if (sent < 0 && error is not (Errno.EAGAIN or Errno.EINTR))
        {
            Dispose();
            return;
        }

        _unsentLength -= Math.Max(sent, 0);
        _unsent.AsSpan(Math.Max(sent, 0), _unsentLength).CopyTo(_unsent);
        if (_unsentLength == 0 && _closeWhenSent) Dispose();
        else if (_unsentLength == 0) Watch();
    }

    private void Watch()
    {
        if (_closed) return;
        var reading = _closeWhenSent ? 0 : EventPoll.Readable | EventPoll.PeerClosed;
        var events = reading | (_unsentLength > 0 ? EventPoll.Writable : 0);
        if (_token is { } token) _loop.Modify(_socket, events, token);
        else _token = _loop.Add(_socket, events, this);
    }
}
