namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A handle with a read that sleeps.</summary>
internal interface IBlockingHandle : IWatcherHandle
{
    /// <summary>Reads, or sleeps until there is something to read; cancelled it ends as <see cref="Outcome.Interrupted"/> (S06).</summary>
    Task<ReadResult> ReadAsync(CancellationToken interruption);
}
