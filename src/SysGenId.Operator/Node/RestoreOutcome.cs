namespace SysGenId.Operator.Node;

/// <summary>How a restore ended that came through the gate (S20, S25).</summary>
internal enum RestoreOutcome
{
    /// <summary>The pages that matter showed the new generation before the answer.</summary>
    Published,

    /// <summary>Could not be published; the policy refuses.</summary>
    Refused,

    /// <summary>Could not be published; the policy lets it through.</summary>
    Ignored,

    /// <summary>Went through while no agent ran, and was caught up later.</summary>
    Missed,
}
