namespace SysGenId.Operator.Node.Generations;

/// <summary>What became of a change. The names are stable: history, log and metrics show them.</summary>
internal enum ChangeOutcome
{
    /// <summary>Bumped; pages were told.</summary>
    Published,

    /// <summary>Bumped, but pages that mattered did not confirm in time.</summary>
    TimedOut,

    /// <summary>A container was restored while the agent was away; this bump catches up.</summary>
    Missed,

    /// <summary>Something happened that moved nothing.</summary>
    Recorded,

    /// <summary>A restore was refused while the agent was away.</summary>
    Refused,
}
