namespace SysGenId.Cli.Output;

/// <summary>Times and durations as people read them.</summary>
internal static class Moments
{
    /// <summary>A moment in UTC, to the second; "-" when there is none.</summary>
    /// <param name="timeNs">Nanoseconds since the Unix epoch; 0 is none.</param>
    public static string Date(long? timeNs) =>
        timeNs is null or 0 ? "-" : Moment(timeNs.Value).ToString("yyyy-MM-dd HH:mm:ss'Z'");

    /// <summary>How long ago a moment was, roughly: "3 min ago".</summary>
    public static string Ago(long timeNs, TimeProvider clock)
    {
        var age = clock.GetUtcNow() - Moment(timeNs);
        return age.Ticks switch
        {
            < -TimeSpan.TicksPerSecond => "in the future: a clock was set",
            < TimeSpan.TicksPerSecond => "just now",
            < TimeSpan.TicksPerMinute => $"{age.Seconds} s ago",
            < TimeSpan.TicksPerHour => $"{age.Minutes} min ago",
            < 2 * TimeSpan.TicksPerDay => $"{(int)age.TotalHours} h ago",
            _ => $"{age.Days} days ago",
        };
    }

    // Every 64-bit number of nanoseconds is a date between 1677 and 2262.
    private static DateTimeOffset Moment(long timeNs) => DateTimeOffset.UnixEpoch.AddTicks(timeNs / TimeSpan.NanosecondsPerTick);
}
