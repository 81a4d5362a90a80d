using Microsoft.Extensions.Time.Testing;

namespace SysGenId.TestSupport;

/// <summary>A clock that stands until a test moves it, and counts who has begun to wait for it.</summary>
internal sealed class PauseClock : FakeTimeProvider
{
    private int _pauses;

    public PauseClock()
    {
    }

    public PauseClock(DateTimeOffset start)
        : base(start)
    {
    }

    public int Pauses => Volatile.Read(ref _pauses);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _pauses);
        return timer;
    }
}
