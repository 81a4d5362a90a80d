using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Control.Leadership;

/// <summary>Log events of the election.</summary>
internal static partial class LeadershipLog
{
    [LoggerMessage(400, LogLevel.Information, "Leading as {Identity}")]
    public static partial void Leading(this ILogger log, string identity);

    [LoggerMessage(401, LogLevel.Information, "No longer leading: {Reason}")]
    public static partial void NotLeading(this ILogger log, string reason);

    [LoggerMessage(402, LogLevel.Information, "The leader is {Leader}")]
    public static partial void NewLeader(this ILogger log, string leader);

    [LoggerMessage(403, LogLevel.Warning, "Lease {Lease}: {Reason}")]
    public static partial void LeaseFailed(this ILogger log, string lease, string reason);

    [LoggerMessage(404, LogLevel.Error, "The leader's work ended unexpectedly; another replica may try")]
    public static partial void WorkFailed(this ILogger log, Exception failure);

    [LoggerMessage(405, LogLevel.Information, "Lease {Lease} released")]
    public static partial void Released(this ILogger log, string lease);
}
