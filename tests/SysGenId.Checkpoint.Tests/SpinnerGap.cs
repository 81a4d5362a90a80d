using System.Globalization;

namespace SysGenId.Checkpoint.Tests;

/// <summary>
/// A stop that the spinner noticed: from when to when (wall clock, ns), the value before it, and the
/// first value that was certainly loaded after it.
/// </summary>
internal sealed record SpinnerGap(long From, long To, uint Before, uint Around, uint First)
{
    public static SpinnerGap Parse(string[] line) => new(
        long.Parse(line[1], CultureInfo.InvariantCulture),
        long.Parse(line[2], CultureInfo.InvariantCulture),
        uint.Parse(line[3], CultureInfo.InvariantCulture),
        uint.Parse(line[4], CultureInfo.InvariantCulture),
        uint.Parse(line[5], CultureInfo.InvariantCulture));

    /// <summary>Whether a line of the log is the stop that this instant fell into.</summary>
    public static bool Covers(string[] line, DateTimeOffset instant)
    {
        var at = (instant - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return line[0] == "gap" && Parse(line) is var gap && gap.From < at && at < gap.To;
    }
}
