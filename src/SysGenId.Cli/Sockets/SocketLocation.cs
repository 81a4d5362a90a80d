using SysGenId.Core;

namespace SysGenId.Cli.Sockets;

/// <summary>Which socket is meant when none is named.</summary>
internal static class SocketLocation
{
    /// <summary>The agent's where there is one (a node), else the pod's.</summary>
    public static string Default(string runDirectory)
    {
        var agent = Path.Join(runDirectory, Path.GetFileName(SystemPaths.AgentSocket));
        var pod = Path.Join(runDirectory, SystemPaths.ControlSocketName);
        return !File.Exists(agent) && File.Exists(pod) ? pod : agent;
    }
}
