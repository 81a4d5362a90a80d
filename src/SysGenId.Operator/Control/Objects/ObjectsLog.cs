using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Control.Objects;

/// <summary>Log events of the SystemGenerations.</summary>
internal static partial class ObjectsLog
{
    [LoggerMessage(440, LogLevel.Information, "Agent of {Node}: {Status} ({Reason}): {Message}")]
    public static partial void AgentReady(this ILogger log, string node, string status, string reason, string message);

    [LoggerMessage(441, LogLevel.Information, "SystemGeneration {Node} deleted: its node is gone")]
    public static partial void Deleted(this ILogger log, string node);

    [LoggerMessage(442, LogLevel.Warning, "SystemGeneration {Node} is not deleted: its node exists, though the watch did not tell")]
    public static partial void NodeExists(this ILogger log, string node);
}
