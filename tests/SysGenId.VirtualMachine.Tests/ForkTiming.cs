namespace SysGenId.VirtualMachine.Tests;

/// <summary>When what happened in a clone.</summary>
/// <param name="Woken">The first watcher to be woken.</param>
/// <param name="Fork">The kernel's line.</param>
/// <param name="ContinuedAt">When the host let the machine run.</param>
internal sealed record ForkTiming(WatcherReport Woken, KernelFork Fork, long ContinuedAt)
{
    /// <summary>By the guest's clock.</summary>
    public TimeSpan ForkLineToWoken => TimeSpan.FromMicroseconds((Woken.AtNs - Fork.AtNs) / 1000.0);

    /// <summary>By the host's clock, with the way of the watcher's line through the serial port.</summary>
    public TimeSpan ResumedToReport => TimeProvider.System.GetElapsedTime(ContinuedAt, Woken.ArrivedAt);
}
