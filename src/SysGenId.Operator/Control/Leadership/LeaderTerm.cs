namespace SysGenId.Operator.Control.Leadership;

/// <summary>Whether this replica leads, at this very moment. Thread-safe.</summary>
internal sealed class LeaderTerm(TimeSpan longest)
{
    private volatile LeaderLock? _lock;

    /// <summary>Nobody else can lead yet: the last renewal is more recent than the longest time without one.</summary>
    public bool IsHeld => Left > TimeSpan.Zero;

    /// <summary>How long that stays so without a further renewal; zero or less when it is not.</summary>
    public TimeSpan Left => _lock is { } held && held.SinceRenewal is var since && since < longest ? longest - since : TimeSpan.Zero;

    public void Begin(LeaderLock held) => _lock = held;

    public void End() => _lock = null;
}
