using Microsoft.Extensions.Logging;

namespace SysGenId.Extensions.Hosting.Resetting;

/// <summary>What is logged; the ids are stable.</summary>
internal static partial class ResetLog
{
    [LoggerMessage(20, LogLevel.Information, "OpenSSL's generators were reseeded")]
    public static partial void Reseeded(this ILogger log);

    [LoggerMessage(21, LogLevel.Information, "OpenSSL is not loaded: there is nothing to reseed")]
    public static partial void NotLoaded(this ILogger log);

    [LoggerMessage(22, LogLevel.Information, "The application makes its trace ids itself: they are not renewed")]
    public static partial void TraceIdsAreTheApplications(this ILogger log);
}
