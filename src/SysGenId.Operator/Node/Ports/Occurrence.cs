namespace SysGenId.Operator.Node.Ports;

/// <summary>Something that happened on a node and that people want to read of.</summary>
/// <param name="Reason">A stable code: a cause, or one of <see cref="OccurrenceReasons"/>.</param>
/// <param name="IsWarning">Whether somebody has to do something.</param>
/// <param name="Message">A sentence.</param>
/// <param name="PodUid">The pod it concerns, if it is one.</param>
internal sealed record Occurrence(string Reason, bool IsWarning, string Message, string? PodUid);
