using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SysGenId.TestSupport;

/// <summary>
/// Ports for programs that are told theirs. Not from those that the kernel gives to connections: between the look and the
/// program's own use it would give them away.
/// </summary>
internal static class FreePort
{
    // Below what Linux gives out by itself (net.ipv4.ip_local_port_range begins at 32768), above what services use.
    private const int First = 12_000;
    private const int End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> _taken = [];

    /// <summary>One that nobody listens on, and that this process did not take before.</summary>
    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (_taken.TryAdd(port, true) && IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
