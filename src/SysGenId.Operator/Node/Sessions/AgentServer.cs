using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Peers;

namespace SysGenId.Operator.Node.Sessions;

/// <summary>
/// The agent socket. Anybody may connect, since sidecars run under any uid; who is connected is looked up once, and no
/// container may hold more connections than it has use for. Loop thread only.
/// </summary>
internal sealed class AgentServer : IDisposable
{
    private const uint SocketMode = 0x1B6; // 0666
    private const uint DirectoryMode = 0x1ED; // 0755
    private const int MaximumConnections = 8192;
    private const int MaximumConnectionsOfOne = 32;

    // Counted apart: whatever pods do, the hook is served.
    private const int MaximumConnectionsOfHost = 4096;
    private const string Host = "";

    private readonly AgentContext _agent;
    private readonly PeerInspector _inspector;
    private readonly HashSet<AgentSession> _sessions = [];
    private readonly Dictionary<string, int> _perOrigin = [];
    private readonly Listener _listener;

    /// <exception cref="LinuxException">The path cannot be served.</exception>
    public AgentServer(AgentContext agent, PeerInspector inspector, string path)
    {
        (_agent, _inspector) = (agent, inspector);
        _listener = new Listener(agent.Loop, path, SocketMode, Accept);
    }

    /// <summary>Makes the directory of the socket.</summary>
    public static void Prepare(string path) => Files.CreateDirectory(Path.GetDirectoryName(path)!, DirectoryMode);

    public void Dispose()
    {
        _listener.Dispose();

        // Who waits goes first, without an answer: a hook asks the next agent. A sidecar that goes is one less to wait for,
        // and would end the others' waiting as if its page were published.
        foreach (var session in _sessions.OrderBy(session => session.IsSidecar).ToArray()) session.Dispose();
    }

    private void Accept(Descriptor socket)
    {
        if (_inspector.Inspect(socket) is not { } peer)
        {
            socket.Dispose();
            return;
        }

        var origin = Origin(peer);
        var count = _perOrigin.GetValueOrDefault(origin);
        var limit = origin == Host ? MaximumConnectionsOfHost : MaximumConnectionsOfOne;
        if (count >= limit || (origin != Host && _sessions.Count >= MaximumConnections))
        {
            UnixSocket.Send(socket, MessageWriter.ToLine(Message.Failure(ErrorCode.TooManyConnections, "too many connections; close some and try again")), out _);
            socket.Dispose();
            return;
        }

        _perOrigin[origin] = count + 1;
        var session = new AgentSession(_agent, peer, socket);
        session.Ended += Forget;
        _sessions.Add(session);
        session.Start();
    }

    private void Forget(AgentSession session)
    {
        _sessions.Remove(session);
        var origin = Origin(session.Peer);
        if (--_perOrigin[origin] == 0) _perOrigin.Remove(origin);
    }

    private static string Origin(Peer peer) =>
        peer.IsHostRoot ? Host : peer.Location.PodUid ?? $"{peer.Uid}/{peer.Location.ContainerId}";
}
