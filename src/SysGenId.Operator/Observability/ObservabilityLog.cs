using System.Net;
using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Observability;

/// <summary>Log events of metrics and health: 650 to 699.</summary>
internal static partial class ObservabilityLog
{
    [LoggerMessage(650, LogLevel.Information, "Metrics and health at http://{Endpoint}")]
    public static partial void Serving(this ILogger log, IPEndPoint endpoint);

    [LoggerMessage(651, LogLevel.Critical, "Metrics and health cannot be served at {Endpoint}: {Reason}. Choose another with --http-port, or 0 for none.")]
    public static partial void CannotServe(this ILogger log, IPEndPoint endpoint, string reason);
}
