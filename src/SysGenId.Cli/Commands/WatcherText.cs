namespace SysGenId.Cli.Commands;

/// <summary>Counts of watchers in words.</summary>
internal static class WatcherText
{
    /// <summary>"12, 3 outdated", "12, all up to date", "none".</summary>
    public static string Counts(long watchers, long outdated) => (watchers, outdated) switch
    {
        (0, 0) => "none",
        (_, 0) => $"{watchers}, all up to date",
        _ => $"{watchers}, {outdated} OUTDATED",
    };

    /// <summary>"1 watcher", "2 watchers".</summary>
    public static string Number(long count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
