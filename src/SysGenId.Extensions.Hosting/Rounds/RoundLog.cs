using Microsoft.Extensions.Logging;
using SysGenId.Client;

namespace SysGenId.Extensions.Hosting.Rounds;

/// <summary>What is logged; the ids are stable.</summary>
internal static partial class RoundLog
{
    [LoggerMessage(1, LogLevel.Information, "Following the system generation, now {Generation} ({Mode}), with {Handlers} handler(s)")]
    public static partial void Following(this ILogger log, uint generation, WatcherMode mode, int handlers);

    [LoggerMessage(2, LogLevel.Warning, "Nothing is mounted that tells the system generation: no handler will ever be called")]
    public static partial void Unavailable(this ILogger log);

    [LoggerMessage(3, LogLevel.Information, "Generation {Generation} ({Cause}) after {Handled}: running the handlers")]
    public static partial void RoundBegins(this ILogger log, uint generation, GenerationCause cause, uint handled);

    [LoggerMessage(4, LogLevel.Information, "Generation {Generation} is handled and acknowledged")]
    public static partial void Acknowledged(this ILogger log, uint generation);

    [LoggerMessage(5, LogLevel.Information, "Generation {Generation} made way for a newer one and is not acknowledged")]
    public static partial void RoundSuperseded(this ILogger log, uint generation);

    [LoggerMessage(6, LogLevel.Error, "Handler {Handler} failed for generation {Generation} ({Failures} in a row); again in {Delay}")]
    public static partial void HandlerFailed(this ILogger log, Exception failure, string handler, uint generation, int failures, TimeSpan delay);

    [LoggerMessage(7, LogLevel.Critical, "Handler {Handler} failed for generation {Generation} ({Failures} in a row): the host stops")]
    public static partial void HandlerGivenUp(this ILogger log, Exception failure, string handler, uint generation, int failures);
}
