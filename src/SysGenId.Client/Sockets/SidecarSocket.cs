using System.Net.Sockets;
using SysGenId.Core.Linux;

namespace SysGenId.Client.Sockets;

/// <summary>Connecting to a sidecar.</summary>
internal static class SidecarSocket
{
    /// <summary>Connects, or returns null and whether there is no such socket at all, rather than nobody behind it now.</summary>
    public static Socket? TryConnect(string path, out bool isAbsent)
    {
        isAbsent = false;
        try
        {
            using var connection = UnixSocket.TryConnect(path, blocking: false, out var error);
            isAbsent = error is Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES or Errno.EPERM or Errno.EINVAL;
            return connection is null ? null : Adopt(connection);
        }
        catch (LinuxException)
        {
            // Out of descriptors or memory: not now.
            return null;
        }
    }

    private static Socket Adopt(Descriptor connection)
    {
        // The runtime would make a send wait that the kernel has no room for.
        var socket = new Socket(new SafeSocketHandle(connection.DangerousGetHandle(), ownsHandle: true)) { Blocking = false };
        connection.SetHandleAsInvalid();
        return socket;
    }
}
