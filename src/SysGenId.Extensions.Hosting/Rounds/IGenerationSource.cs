using SysGenId.Client;

namespace SysGenId.Extensions.Hosting.Rounds;

/// <summary>What rounds and the health check need of a watcher. Thread-safe.</summary>
internal interface IGenerationSource
{
    uint Acknowledged { get; }

    bool IsOutdated { get; }

    WatcherMode Mode { get; }

    /// <summary>The sidecar hears from the node's agent.</summary>
    bool IsAgentConnected { get; }

    /// <summary>The node's gate was seen to work (S27).</summary>
    bool IsGateProven { get; }

    /// <summary>The current generation, of one instant.</summary>
    GenerationInfo Read();

    /// <summary>Returns at once while the watcher is outdated (S06).</summary>
    ValueTask WaitForChangeAsync(CancellationToken cancellationToken);

    /// <summary>Returns once there is a newer generation than this one, acknowledged or not.</summary>
    ValueTask WaitForNewerAsync(uint generation, CancellationToken cancellationToken);

    /// <summary>False: it is no longer the current one, and nothing has changed (S09).</summary>
    ValueTask<bool> AcknowledgeAsync(uint generation, CancellationToken cancellationToken);
}
