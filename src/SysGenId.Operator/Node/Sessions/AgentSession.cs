using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Checkpoints;
using SysGenId.Operator.Node.Peers;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Sessions;

/// <summary>One connection to the agent socket. What it may ask follows from its peer, never from its messages. Loop thread only.</summary>
internal sealed class AgentSession : ILineHandler, IDisposable
{
    private readonly AgentContext _agent;
    private readonly Peer _peer;
    private readonly LineConnection _connection;
    private SidecarLink? _sidecar;

    public AgentSession(AgentContext agent, Peer peer, Descriptor socket)
    {
        (_agent, _peer) = (agent, peer);
        _connection = new LineConnection(agent.Loop, socket, this, isStarted: false);
    }

    /// <summary>Who is connected.</summary>
    public Peer Peer => _peer;

    /// <summary>Whether it has registered as a sidecar.</summary>
    public bool IsSidecar => _sidecar is not null;

    /// <summary>Raised once, when the connection has ended.</summary>
    public event Action<AgentSession>? Ended;

    /// <summary>Serves what the peer has asked already, and then what it asks.</summary>
    public void Start() => _connection.Start();

    /// <summary>Answers, or pushes, one message; nothing when the peer is gone.</summary>
    public void Send(Message message) => Send(MessageWriter.ToLine(message));

    public void Send(byte[] line) => _connection.Send(line);

    public void Dispose() => _connection.Dispose();

    void ILineHandler.OnLine(LineConnection connection, ReadOnlySpan<byte> line)
    {
        if (MessageReader.TryParse(line, out var fault) is { } message)
        {
            Serve(message);
            return;
        }

        _agent.Log.BadMessage(_peer.Pid, fault);
        Send(Message.Failure(ErrorCode.MalformedMessage, fault));
    }

    void ILineHandler.OnFault(LineConnection connection, LineFault fault)
    {
        _agent.Log.BadMessage(_peer.Pid, fault.ToString());
        Send(fault == LineFault.TooLong
            ? Message.Failure(ErrorCode.MessageTooLong, $"a line has at most {ProtocolLimits.MaximumLineLength} bytes")
            : Message.Failure(ErrorCode.MessageTooSlow, $"a line must be finished within {ProtocolLimits.PartialMessageTimeout.TotalSeconds} s"));
    }

    void ILineHandler.OnClosed(LineConnection connection)
    {
        if (_sidecar is { } link)
        {
            _agent.Checkpoints.Gone(link);
            _agent.Sidecars.Remove(link);
            _agent.Log.SidecarGone(link.Identity.Name);
        }

        Ended?.Invoke(this);
    }

    private void Serve(Message message)
    {
        switch (message.Op)
        {
            case Operation.Hello: Hello(message); break;
            case Operation.Register: Register(message); break;
            case Operation.Published or Operation.Stats or Operation.WatcherPeers or Operation.Quiesced: FromSidecar(message); break;
            case Operation.Checkpointing when IsAllowed(message): WithHook(message, _agent.Checkpoints.Begin); break;
            case Operation.Checkpointed when IsAllowed(message): WithHook(message, _agent.Checkpoints.Finish); break;
            case Operation.Restored when IsAllowed(message): WithHook(message, _agent.Restores.Restored); break;
            case Operation.Status or Operation.Get when IsAllowed(message): Send(_agent.Commands.Status()); break;
            case Operation.History when IsAllowed(message): Send(_agent.Commands.History()); break;
            case Operation.Force when IsAllowed(message): Send(_agent.Commands.Force(message)); break;
            case Operation.WaitWatchers when IsAllowed(message): _agent.Commands.WaitWatchers(message, this); break;
            case Operation.ProveGate when IsAllowed(message): _agent.Commands.ProveGate(Send); break;
            case Operation.Checkpointing or Operation.Checkpointed or Operation.Restored or Operation.Status or Operation.Get
                or Operation.History or Operation.Force or Operation.WaitWatchers or Operation.ProveGate:
                break;
            default: Send(Message.Failure(ErrorCode.UnsupportedOperation, "no such operation on the agent socket")); break;
        }
    }

    private void Hello(Message message) => Send(message.Protocol is null or ProtocolLimits.Version
        ? new Message { Ok = true, Protocol = ProtocolLimits.Version, Role = "node", Version = ProductVersion.Text }
        : Message.Failure(ErrorCode.UnsupportedProtocol, $"this agent speaks protocol {ProtocolLimits.Version}"));

    private void Register(Message message)
    {
        if (message.Protocol is not (null or ProtocolLimits.Version))
        {
            Send(Message.Failure(ErrorCode.UnsupportedProtocol, $"this agent speaks protocol {ProtocolLimits.Version}"));
        }
        else if (SidecarIdentity.Of(_peer, message.Directory) is not { } identity)
        {
            Refuse(message, "a sidecar runs in a pod, or as root with a counter page of its own in the directory it names");
        }
        else if (_sidecar is not null)
        {
            Send(Message.Failure(ErrorCode.InvalidArgument, "this connection has registered already"));
        }
        else
        {
            _agent.Log.SidecarRegistered(identity.Name, message.Generation ?? 0);
            _sidecar = _agent.Sidecars.Register(identity, _connection, message.Generation ?? 0, message.Id ?? Guid.Empty);
            _agent.Checkpoints.Registered(_sidecar);
        }
    }

    private void FromSidecar(Message message)
    {
        if (_sidecar is not { } link) Send(Message.Failure(ErrorCode.NotRegistered, "register first"));
        else if (message.Op == Operation.WatcherPeers) TakePeers(link, message);
        else if (message.Op == Operation.Quiesced) _agent.Checkpoints.Quiesced(link, message);
        else _agent.Sidecars.Report(link, message);
    }

    private void TakePeers(SidecarLink link, Message message)
    {
        var processes = _connection.TakeDescriptors(message.Watchers ?? 0);
        _agent.Checkpoints.Shown(link, message, processes);
        foreach (var process in processes) process.Dispose();
    }

    // Hook and command line: root of the host. The hook runs in the container's cgroup, so that proves nothing here.
    private bool IsAllowed(Message message)
    {
        if (!_peer.IsHostRoot) Refuse(message, "needs uid 0 in the user and mount namespace of the host");
        return _peer.IsHostRoot;
    }

    private void Refuse(Message message, string reason)
    {
        _agent.Log.Refused(_peer.Pid, _peer.Uid, _peer.Location.ContainerId, message.Op!, reason);
        Send(Message.Failure(ErrorCode.PermissionDenied, reason));
    }

    private void WithHook(Message message, Action<HookCall> serve)
    {
        if (CriuProcess.TryFind(_peer.Parent, out var parent) is not { } criu)
        {
            Send(Message.Failure(ErrorCode.InvalidArgument, "the process that runs the hook is gone"));
            return;
        }

        var call = new HookCall(criu, message.InitPid ?? 0, message, Send);
        if (parent == Environment.ProcessId) _agent.Gate.Seen(call);
        else serve(call);
    }
}
