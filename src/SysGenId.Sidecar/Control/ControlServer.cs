using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Control;

/// <summary>The pod's control connections. Loop thread only.</summary>
internal sealed class ControlServer(EventLoop loop, PodGeneration pod, Log log)
{
    private readonly List<ControlConnection> _connections = [];

    /// <summary>Serves a connection, or says that there are too many and closes it.</summary>
    public void Accept(Descriptor socket)
    {
        if (_connections.Count >= ProtocolLimits.MaximumControlConnections)
        {
            using (socket)
            {
                UnixSocket.Send(socket, MessageWriter.ToLine(TooMany), out _);
            }

            return;
        }

        try
        {
            _connections.Add(new ControlConnection(loop, socket, pod, log, _connections));
        }
        catch (LinuxException failure)
        {
            socket.Dispose();
            log.Write(LogLevel.Warning, $"control-failed reason={failure.Message}");
        }
    }

    /// <summary>Answers the waits that a change has ended.</summary>
    public void AnswerEndedWaits()
    {
        while (pod.Registry.TryTakeEndedWait(out var wait)) (wait.Owner as ControlConnection)?.AnswerWait(wait);
    }

    /// <summary>Closes every connection; waits are not answered.</summary>
    public void CloseAll()
    {
        for (var index = _connections.Count - 1; index >= 0; index--) _connections[index].Dispose();
    }

    private static Message TooMany => Message.Failure(
        ErrorCode.TooManyConnections, $"at most {ProtocolLimits.MaximumControlConnections} connections at one time");
}
