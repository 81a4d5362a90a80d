using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace SysGenId.Operator.Observability;

/// <summary>Sets a command's log up.</summary>
internal static class LogFormats
{
    /// <summary>Logs to the console, one line an event. Needs a <see cref="TimeProvider"/> among the services.</summary>
    public static ILoggingBuilder AddConsoleLog(this ILoggingBuilder logging, LogLevel level, LogFormat format)
    {
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = false;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();

        // Who reads our log must not be able to stop us: lines that would wait for it are dropped, and counted in the log.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);

        // After everything else: a host under systemd chooses the journal's format for text.
        if (format == LogFormat.Json) logging.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = JsonLineFormatter.FormatterName);
        return logging;
    }
}
