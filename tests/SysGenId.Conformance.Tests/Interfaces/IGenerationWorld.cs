using SysGenId.Core.Watchers;

namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>One generation and those who watch it, as one interface shows them. Thread-safe.</summary>
internal interface IGenerationWorld : IAsyncDisposable
{
    /// <summary>The current generation, as a reader who keeps no handle finds it.</summary>
    uint Current { get; }

    /// <summary>Something happens to the world (S03).</summary>
    Task<Change> BumpAsync(uint minimum = 0);

    /// <summary>Opens a handle (S05).</summary>
    Task<IWatcherHandle> OpenAsync();

    /// <summary>The counts of one instant (S16).</summary>
    Task<WatcherCounts> CountsAsync();

    /// <summary>Waits for watchers as one who is none himself (S12); zero: no limit.</summary>
    Task<Outcome> WaitForWatchersAsync(TimeSpan timeout);

    /// <summary>Returns when everything has taken effect that was asked for before.</summary>
    Task SettleAsync();
}
