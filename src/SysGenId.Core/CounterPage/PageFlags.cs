namespace SysGenId.Core.CounterPage;

/// <summary>The flags word of the counter page.</summary>
[Flags]
internal enum PageFlags : uint
{
    None = 0,

    /// <summary>The page's writer has a connection to the node agent.</summary>
    AgentConnected = 1,

    /// <summary>The sockets are closed because a checkpoint is being taken (S22).</summary>
    Quiesced = 2,

    /// <summary>The node's CRIU gate was proven to work and not lost since (S27).</summary>
    GateProven = 4,
}
