namespace SysGenId.Core.Watchers;

/// <summary>One caller that waits until nobody is outdated (S12). Its outcome is final once it is not pending.</summary>
internal sealed class WatcherWait
{
    internal WatcherWait(object? owner) => Owner = owner;

    /// <summary>Whatever the caller gave to find itself again.</summary>
    public object? Owner { get; }

    /// <summary>How the wait stands. Written under the registry's lock; final when it is handed out as ended.</summary>
    public WaitOutcome Outcome { get; internal set; }
}
