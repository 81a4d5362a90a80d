namespace SysGenId.Client;

/// <summary>How a wait for all watchers of the pod ended (S12).</summary>
public enum WatchersOutcome
{
    /// <summary>No watcher of the pod was outdated.</summary>
    AllUpToDate,

    /// <summary>
    /// The caller itself was outdated at the call, or a bump came while it waited: handle the new generation, acknowledge
    /// it, and start over. EINTR of the kernel device.
    /// </summary>
    Interrupted,

    /// <summary>The time is up and somebody is outdated still. ETIME of the kernel device.</summary>
    TimedOut,

    /// <summary>There is nobody to ask: <see cref="WatcherMode.PageOnly"/>.</summary>
    Unsupported,
}
