namespace SysGenId.Cli.Tests;

/// <summary>It is always the same moment of the same day, while the stopwatch runs as it does.</summary>
internal sealed class FixedDate : TimeProvider
{
    public static FixedDate Clock { get; } = new();

    /// <summary>Nanoseconds since the Unix epoch of a moment three minutes earlier.</summary>
    public const long ThreeMinutesAgoNs = 1_795_442_220_000_000_000;

    public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);
}
