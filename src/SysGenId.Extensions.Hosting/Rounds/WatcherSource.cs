using SysGenId.Client;

namespace SysGenId.Extensions.Hosting.Rounds;

/// <summary>The watcher of the application.</summary>
internal sealed class WatcherSource : IGenerationSource
{
    private readonly GenerationWatcher _watcher;

    public WatcherSource(GenerationWatcher watcher) => _watcher = watcher;

    public uint Acknowledged => _watcher.Acknowledged;

    public bool IsOutdated => _watcher.IsOutdated;

    public WatcherMode Mode => _watcher.Mode;

    public bool IsAgentConnected => _watcher.IsAgentConnected;

    public bool IsGateProven => _watcher.IsGateProven;

    public GenerationInfo Read() => _watcher.Read();

    public async ValueTask WaitForChangeAsync(CancellationToken cancellationToken) =>
        await _watcher.WaitForChangeAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask WaitForNewerAsync(uint generation, CancellationToken cancellationToken) =>
        await _watcher.WaitForChangeAsync(generation, cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> AcknowledgeAsync(uint generation, CancellationToken cancellationToken) =>
        await _watcher.AcknowledgeAsync(generation, cancellationToken).ConfigureAwait(false) == AcknowledgeOutcome.Acknowledged;
}
