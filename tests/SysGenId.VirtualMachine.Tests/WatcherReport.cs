using System.Globalization;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>A line of Programs/watcher.c, where each is explained.</summary>
/// <param name="Watcher">Who.</param>
/// <param name="Event">What happened: <c>connected</c>, <c>word</c>, <c>acked</c> or <c>ended</c>.</param>
/// <param name="Value">The generation, or the error that ended the connection.</param>
/// <param name="AtNs">When, by the guest's CLOCK_MONOTONIC, where the watcher tells.</param>
/// <param name="ArrivedAt">When the line was here.</param>
internal sealed record WatcherReport(string Watcher, string Event, uint Value, long AtNs, long ArrivedAt)
{
    /// <summary>Understands a line; null if it is none of a watcher, such as what was cut by the snapshot.</summary>
    public static WatcherReport? Parse(SerialLine line)
    {
        var words = line.Text.Split(' ');
        if (words.Length < 2)
            return null;
        _ = uint.TryParse(words.ElementAtOrDefault(2), CultureInfo.InvariantCulture, out var value);
        _ = long.TryParse(words.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out var at);
        return new WatcherReport(words[0], words[1], value, at, line.ArrivedAt);
    }
}
