namespace SysGenId.Core.Watchers;

/// <summary>How a wait for watchers stands or ended (S12).</summary>
internal enum WaitOutcome
{
    /// <summary>Somebody is still outdated.</summary>
    Pending,

    /// <summary>Nobody was outdated.</summary>
    UpToDate,

    /// <summary>The caller was outdated at the call, or a bump came while it waited. EINTR to a device's client.</summary>
    Interrupted,

    /// <summary>The caller's time was up. ETIME to a device's client.</summary>
    TimedOut,
}
