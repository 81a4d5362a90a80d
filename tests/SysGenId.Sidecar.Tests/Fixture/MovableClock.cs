namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>Time that passes by itself and can be moved forward. A sleeping loop sees it when something wakes it.</summary>
internal sealed class MovableClock : TimeProvider
{
    private long _offset;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _offset, time.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _offset));

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(Volatile.Read(ref _offset) / (double)TimeSpan.TicksPerSecond * TimestampFrequency);
}
