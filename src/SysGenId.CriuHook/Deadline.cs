namespace SysGenId.CriuHook;

/// <summary>A moment that does not move when somebody sets the clock.</summary>
internal readonly struct Deadline(TimeSpan fromNow)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>What is left; zero or less when it has passed.</summary>
    public TimeSpan Remaining => fromNow - TimeProvider.System.GetElapsedTime(_start);

    public bool HasPassed => Remaining <= TimeSpan.Zero;
}
