namespace SysGenId.Core;

/// <summary>The wall clock in the unit of pages, messages and records.</summary>
internal static class UnixTime
{
    /// <summary>Nanoseconds since the Unix epoch, now.</summary>
    public static long UnixNanoseconds(this TimeProvider clock) =>
        (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
