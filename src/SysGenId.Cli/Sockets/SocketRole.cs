namespace SysGenId.Cli.Sockets;

/// <summary>Whose socket it is.</summary>
internal enum SocketRole
{
    /// <summary>The node agent's.</summary>
    Node,

    /// <summary>A pod's, served by its sidecar.</summary>
    Pod,
}
