namespace SysGenId.Operator.Cluster;

/// <summary>The type of an Event.</summary>
internal enum EventSeverity
{
    Normal,
    Warning,
}
