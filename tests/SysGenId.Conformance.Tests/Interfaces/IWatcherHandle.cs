namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>One watcher. Disposing closes it, and returns when that has taken effect (S11). One thread at a time.</summary>
internal interface IWatcherHandle : IAsyncDisposable
{
    /// <summary>A read that does not block (S07).</summary>
    Task<ReadResult> TryReadAsync();

    /// <summary>Says which generation was handled (S09).</summary>
    Task<Outcome> AcknowledgeAsync(uint generation);

    /// <summary>Whether poll says that it can be read (S10).</summary>
    Task<bool> IsReadableAsync();

    /// <summary>Waits for watchers as this one (S12); zero: no limit.</summary>
    Task<Outcome> WaitForWatchersAsync(TimeSpan timeout);
}
