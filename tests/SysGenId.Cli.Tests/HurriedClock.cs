namespace SysGenId.Cli.Tests;

/// <summary>Every look at it finds a quarter of an hour gone: all time limits are over at once.</summary>
internal sealed class HurriedClock : TimeProvider
{
    private long _seconds;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => Interlocked.Add(ref _seconds, 900);
}
