namespace SysGenId.Operator.Node.Sources;

/// <summary>Why a source is active or not. The names are stable: messages of status and the command line show them.</summary>
internal enum SourceReason
{
    /// <summary>Its events are noticed.</summary>
    Active,

    /// <summary>It has not been looked for yet.</summary>
    NotStarted,

    /// <summary>This machine has no such thing: nothing is missing.</summary>
    NotPresent,

    /// <summary>The agent was told to leave it alone.</summary>
    Disabled,

    /// <summary>It is there, and the agent may not use it.</summary>
    AccessDenied,

    /// <summary>It is there, and does not do what it should.</summary>
    Failed,

    /// <summary>CRIU's gate is not proven (S27).</summary>
    GateNotProven,
}
