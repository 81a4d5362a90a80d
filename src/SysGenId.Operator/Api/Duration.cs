using System.Globalization;

namespace SysGenId.Operator.Api;

/// <summary>Durations as people write them: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>72h</c>.</summary>
internal static class Duration
{
    // More do not fit.
    private const int MostHours = 1_000_000;

    /// <summary>The duration of a text; false when it is none.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var digits = (text ?? "").TakeWhile(char.IsAsciiDigit).Count();
        if (digits is 0 or > 9 || !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        TimeSpan? unit = text![digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" when number <= MostHours => TimeSpan.FromHours(1),
            _ => null,
        };
        duration = (unit ?? TimeSpan.Zero) * number;
        return unit is not null;
    }

    /// <summary>Such as <c>5s</c>.</summary>
    public static string Format(TimeSpan duration) =>
        duration.Ticks % TimeSpan.TicksPerHour == 0 && duration > TimeSpan.Zero ? $"{duration.TotalHours:0}h" : duration.Ticks % TimeSpan.TicksPerSecond == 0 ? $"{duration.TotalSeconds:0}s" : $"{duration.TotalMilliseconds:0}ms";
}
