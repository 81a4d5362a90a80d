namespace SysGenId.Client;

/// <summary>What became of a request for a bump (S13).</summary>
public enum ForceOutcome
{
    /// <summary>The pod's generation moved.</summary>
    Forced,

    /// <summary>This process has neither CAP_CHECKPOINT_RESTORE nor CAP_SYS_ADMIN where the sidecar can see it. Nothing changed.</summary>
    PermissionDenied,

    /// <summary>The last number is reached (S02). Nothing changed.</summary>
    Exhausted,

    /// <summary>
    /// The sidecar ended, or a checkpoint began, between question and answer: look at <see cref="GenerationWatcher.Generation"/>,
    /// and ask again if it has not moved.
    /// </summary>
    Unanswered,

    /// <summary>There is nobody to ask: <see cref="WatcherMode.PageOnly"/> or <see cref="WatcherMode.Unavailable"/>.</summary>
    Unsupported,
}
