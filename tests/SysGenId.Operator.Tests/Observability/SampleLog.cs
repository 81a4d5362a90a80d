using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Tests.Observability;

/// <summary>Log events with every kind of value.</summary>
internal static partial class SampleLog
{
    [LoggerMessage(9001, LogLevel.Information, "{Big} {Small} {Flag} {Nothing} {Time}")]
    public static partial void Sample(this ILogger log, uint big, int small, bool flag, string? nothing, TimeSpan time);

    [LoggerMessage(9002, LogLevel.Error, "It failed")]
    public static partial void Failed(this ILogger log, Exception exception);
}
