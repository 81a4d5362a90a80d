using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Hosting;

/// <summary>Log events of the processes around agent and controller.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(100, LogLevel.Critical, "The node agent ended: {Reason}")]
    public static partial void AgentFailed(this ILogger log, string reason);

    [LoggerMessage(101, LogLevel.Critical, "The controller ended")]
    public static partial void ControllerFailed(this ILogger log, Exception failure);
}
