using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Control.Admission;

/// <summary>Log events of the webhook.</summary>
internal static partial class AdmissionLog
{
    [LoggerMessage(500, LogLevel.Information, "Pod {Namespace}/{Pod} injected: {Reason} dryRun={DryRun}")]
    public static partial void Injected(this ILogger log, string? @namespace, string? pod, InjectionReason reason, bool dryRun);

    [LoggerMessage(501, LogLevel.Warning, "Pod {Namespace}/{Pod} denied: {Reason} dryRun={DryRun} {Message}")]
    public static partial void Denied(this ILogger log, string? @namespace, string? pod, InjectionReason reason, bool dryRun, string message);

    [LoggerMessage(502, LogLevel.Debug, "Pod {Namespace}/{Pod} not injected: {Reason} {Message}")]
    public static partial void Skipped(this ILogger log, string? @namespace, string? pod, InjectionReason reason, string message);

    [LoggerMessage(503, LogLevel.Warning, "A request to the webhook has no answer: {Reason} {Detail}")]
    public static partial void NotAnswered(this ILogger log, string reason, string detail);

    [LoggerMessage(504, LogLevel.Error, "The webhook failed")]
    public static partial void ReviewFailed(this ILogger log, Exception fault);
}
