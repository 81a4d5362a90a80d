using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.Watchers;

namespace SysGenId.Conformance.Tests.Pure;

/// <summary>A watcher of the registry.</summary>
/// <param name="registry">Where it is registered.</param>
/// <param name="watcher">The watcher.</param>
/// <param name="handled">What it has handled, or was opened at.</param>
/// <param name="hasSpoken">Whether the registry has heard of that.</param>
internal sealed class CoreHandle(WatcherRegistry registry, Watcher watcher, uint handled, bool hasSpoken = false) : IWatcherHandle
{
    private uint _handled = handled;
    private bool _hasSpoken = hasSpoken;

    public Task<ReadResult> TryReadAsync() =>
        Task.FromResult(registry.IsOutdated(watcher, out var generation) ? ReadResult.Of(generation) : ReadResult.WouldBlock);

    public Task<Outcome> AcknowledgeAsync(uint generation)
    {
        // The first word of a watcher says what it handled before (S23): of a new one, what it was opened at.
        if (!_hasSpoken) registry.Acknowledge(watcher, _handled);
        _hasSpoken = true;
        var isAcknowledged = registry.Acknowledge(watcher, generation) == AckOutcome.Acknowledged;
        if (isAcknowledged) _handled = generation;
        return Task.FromResult(isAcknowledged ? Outcome.Success : Outcome.Invalid);
    }

    public Task<bool> IsReadableAsync() => Task.FromResult(registry.IsOutdated(watcher, out _));

    public Task<Outcome> WaitForWatchersAsync(TimeSpan timeout) => new CoreWaits(registry).WaitAsync(_handled, timeout);

    public ValueTask DisposeAsync()
    {
        registry.Close(watcher);
        return ValueTask.CompletedTask;
    }
}
