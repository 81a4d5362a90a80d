using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node;

/// <summary>One agent serves a socket at a time: two would write one page.</summary>
internal static class AgentLock
{
    private const string Name = "node.lock";

    /// <summary>Held until disposed, or until this process ends in any way.</summary>
    /// <exception cref="LinuxException">Another agent holds it, or the file cannot be had.</exception>
    public static Descriptor Take(string socket) =>
        FileLock.TryTake(SystemPaths.Beside(socket, Name))
            ?? throw new LinuxException($"another agent serves {socket}; stop it first", Errno.EAGAIN);
}
