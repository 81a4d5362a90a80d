namespace SysGenId.Operator.Node.Gate;

/// <summary>Why a gate is proven or not. The names are stable: they are the reasons of the condition <c>GateProven</c>.</summary>
internal enum GateReason
{
    /// <summary>The first proof has not ended.</summary>
    NotProvenYet,

    /// <summary>A process of the agent's own went through CRIU, and the hook was there.</summary>
    Proven,

    /// <summary>There is no CRIU on this node, so no restore either.</summary>
    CriuMissing,

    /// <summary>There is a CRIU, but it is too old, does not start or does not work on this kernel.</summary>
    CriuUnusable,

    /// <summary>The CRIU configuration has no line of ours, or the hook it names is not there.</summary>
    HookMissing,

    /// <summary>The proof was tried and did not come to its end, or the hook did not arrive.</summary>
    ProbeFailed,

    /// <summary>The hook was taken off this node as its object asks.</summary>
    HookRemoved,
}
