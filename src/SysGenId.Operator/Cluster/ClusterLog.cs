using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Cluster;

/// <summary>Log events of the plumbing to the API server; ids 200 to 249, unique and stable.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(200, LogLevel.Warning, "Watch of {Resource} interrupted ({Reason}), it is resumed: {Message}")]
    public static partial void WatchInterrupted(this ILogger log, string resource, string reason, string message);

    [LoggerMessage(201, LogLevel.Information, "Watch of {Resource} is too old, {Resource} are listed again: {Message}")]
    public static partial void WatchExpired(this ILogger log, string resource, string message);

    [LoggerMessage(202, LogLevel.Error, "A handler of the watch of {Resource} failed on {Key}")]
    public static partial void WatchHandlerFailed(this ILogger log, Exception exception, string resource, string key);

    [LoggerMessage(210, LogLevel.Warning, "{Count} Event(s) dropped, the API server has not taken the earlier ones; the last: {Reason}: {Message}")]
    public static partial void EventsDropped(this ILogger log, int count, string reason, string message);

    [LoggerMessage(211, LogLevel.Warning, "Event {Reason} refused by the API server: {Fault}")]
    public static partial void EventRefused(this ILogger log, string reason, string fault);

    [LoggerMessage(212, LogLevel.Debug, "Event {Reason} not taken yet, it is tried again: {Fault}")]
    public static partial void EventDelayed(this ILogger log, string reason, string fault);
}
