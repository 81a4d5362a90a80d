using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>Stable reasons of the agent's conditions; those of <c>GateProven</c> are the names of <see cref="Gate.GateReason"/>.</summary>
internal static class AgentReasons
{
    // SourcesReady, True and False.
    public const string AllActive = "AllActive";
    public const string SourceInactive = "SourceInactive";

    // WatchersUpToDate, True and False.
    public const string AllAcknowledged = "AllAcknowledged";
    public const string WatchersOutdated = "WatchersOutdated";

    // NodeUnique, True and False.
    public const string OneLineage = "OneLineage";
    public const string AnotherLineage = OccurrenceReasons.AnotherLineage;
}
