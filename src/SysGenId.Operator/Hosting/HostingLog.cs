using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Hosting;

/// <summary>Log events of the process around the agent.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(100, LogLevel.Critical, "The node agent ended: {Reason}")]
    public static partial void AgentFailed(this ILogger log, string reason);
}
