using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Agent;

/// <summary>
/// The connection to the node agent: made again for as long as the sidecar lives, with pauses in between. An agent that
/// says what cannot be understood is left, and what it has to say then comes with the next registration. No timers while
/// registered. Loop thread only.
/// </summary>
internal sealed class AgentLink(EventLoop loop, string path, DoublingPause pause, Log log) : ILineHandler, IDisposable
{
    private static readonly TimeSpan _registrationTimeout = TimeSpan.FromSeconds(5);

    private IAgentHandler? _handler;
    private LineConnection? _connection;
    private LoopTimer? _timer;
    private bool _isFailing;
    private bool _isDisposed;

    public bool IsRegistered { get; private set; }

    /// <summary>Begins to connect, and goes on for ever.</summary>
    public void Start(IAgentHandler handler)
    {
        _handler = handler;
        Connect();
    }

    /// <summary>Sends a line; one for an agent that is not there is lost.</summary>
    public void Send(ReadOnlySpan<byte> line)
    {
        if (IsRegistered) _connection?.Send(line);
    }

    /// <summary>Sends a line with descriptors, now or not at all.</summary>
    public bool TrySend(ReadOnlySpan<byte> line, ReadOnlySpan<int> descriptors) => IsRegistered && _connection?.TrySend(line, descriptors) == true;

    /// <summary>The agent said something sensible: should it go away, it is looked for at once.</summary>
    public void Confirm() => pause.Reset();

    /// <summary>Ends the connection; the handler is not told, and none is made again.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _timer?.Cancel();
        _connection?.Dispose();
    }

    void ILineHandler.OnLine(LineConnection connection, ReadOnlySpan<byte> line)
    {
        var message = MessageReader.TryParse(line, out var fault);
        if (message is null) Leave(fault);
        else if (!IsRegistered) TakeRegistrationAnswer(message);
        else if (message.Op is null) TakeAnswer(message);
        else if (!_handler!.TryCarryOut(message)) Leave($"'{message.Op}' without its fields");
    }

    void ILineHandler.OnFault(LineConnection connection, LineFault fault) => Leave(fault.ToString());

    void ILineHandler.OnClosed(LineConnection connection)
    {
        _connection = null;
        var wasRegistered = IsRegistered;
        IsRegistered = false;
        if (_isDisposed) return;
        Retry();
        if (!wasRegistered) return;
        log.Write(LogLevel.Warning, $"agent-lost path={path}");
        _handler!.OnLost();
    }

    private void Connect()
    {
        try
        {
            if (UnixSocket.TryConnect(path, blocking: false, out var error) is { } socket) Register(socket);
            else Fail(error.ToString());
        }
        catch (LinuxException failure)
        {
            Fail(failure.Message);
        }
    }

    private void Register(Descriptor socket)
    {
        try
        {
            _connection = new LineConnection(loop, socket, this);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _connection.Send(MessageWriter.ToLine(_handler!.Registration()));
        _timer = loop.After(_registrationTimeout, () => Leave("no answer to the registration"));
    }

    private void TakeRegistrationAnswer(Message answer)
    {
        if (answer is not { Op: null, Ok: true })
        {
            Leave(answer.Error is { } code ? $"{code}: {answer.Text}" : "no answer to the registration");
            return;
        }

        _timer?.Cancel();
        IsRegistered = true;
        _isFailing = false;
        log.Write(LogLevel.Info, $"agent-connected path={path}");
        _handler!.OnRegistered();
    }

    private void TakeAnswer(Message answer)
    {
        if (answer.Ok == false) log.Write(LogLevel.Warning, $"agent-error code={answer.Error} reason={answer.Text}");
    }

    private void Leave(string reason)
    {
        LogFailure(reason);
        _connection?.Dispose();
    }

    private void Fail(string reason)
    {
        LogFailure(reason);
        Retry();
    }

    // Shortened at random by up to a half: a node's sidecars must not come all at once.
    private void Retry()
    {
        var half = pause.Next() / 2;
        _timer?.Cancel();
        _timer = loop.After(half + half * Fraction(), Connect);
    }

    private static double Fraction() => (KernelRandom.NextId().GetHashCode() & 0xFFFF) / 65536.0;

    // An agent that stays away is worth one line, not one every five seconds.
    private void LogFailure(string reason)
    {
        log.Write(_isFailing ? LogLevel.Debug : LogLevel.Warning, $"agent-unavailable path={path} reason={reason}");
        _isFailing = true;
    }
}
