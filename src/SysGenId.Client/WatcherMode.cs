namespace SysGenId.Client;

/// <summary>How much of the contract a watcher has to stand on.</summary>
public enum WatcherMode
{
    /// <summary>It is registered with the pod's sidecar, or was and is on its way back: everything works.</summary>
    Full,

    /// <summary>
    /// There is a page and no socket: the watcher notices every change, and its acks stay within this process. No
    /// orchestrator knows of it, and <see cref="GenerationWatcher.WaitForWatchersAsync"/> and
    /// <see cref="GenerationWatcher.ForceAsync"/> are unsupported.
    /// </summary>
    PageOnly,

    /// <summary>There is nothing, and <see cref="UnavailableBehavior.GenerationZero"/> was asked for: generation 0, which never changes.</summary>
    Unavailable,
}
