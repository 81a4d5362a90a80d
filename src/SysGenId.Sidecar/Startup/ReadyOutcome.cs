namespace SysGenId.Sidecar.Startup;

/// <summary>Whether a sidecar is ready for its pod, and if not the first thing that is missing.</summary>
internal enum ReadyOutcome
{
    Ready,

    /// <summary>There is no counter page.</summary>
    PageMissing,

    /// <summary>Something else is where the page should be, or it is not as every program of the pod must find it (S15).</summary>
    PageUnusable,

    /// <summary>The gate is asked for, and no agent is connected that could vouch for it (S27).</summary>
    AgentAway,

    /// <summary>The node's gate is not proven (S27).</summary>
    GateNotProven,

    /// <summary>The sockets are closed because a checkpoint is being taken (S22).</summary>
    Quiesced,

    /// <summary>Nobody accepts at the watch or the control socket.</summary>
    SocketsClosed,
}
