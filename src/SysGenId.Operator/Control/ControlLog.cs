using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Control;

/// <summary>Log events of what the controller's loops have in common.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(410, LogLevel.Warning, "Reconciling {Loop} failed ({Reason}), it is tried again: {Message}")]
    public static partial void ReconcileFailed(this ILogger log, string loop, string reason, string message);

    [LoggerMessage(411, LogLevel.Information, "Reconciling {Loop} succeeds again")]
    public static partial void Recovered(this ILogger log, string loop);
}
