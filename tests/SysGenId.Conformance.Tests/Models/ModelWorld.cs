using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Conformance.Tests.Pure;
using SysGenId.Core.Watchers;

namespace SysGenId.Conformance.Tests.Models;

/// <summary>The registry, opened as a file.</summary>
internal sealed class ModelWorld(uint generation) : IGenerationWorld
{
    private readonly CoreWorld _core = new(generation);

    public uint Current => _core.Current;

    public Task<Change> BumpAsync(uint minimum = 0) => _core.BumpAsync(minimum);

    public async Task<IWatcherHandle> OpenAsync() => new ModelFile(await _core.OpenAsync());

    public Task<WatcherCounts> CountsAsync() => _core.CountsAsync();

    public Task<Outcome> WaitForWatchersAsync(TimeSpan timeout) => _core.WaitForWatchersAsync(timeout);

    public Task SettleAsync() => _core.SettleAsync();

    public ValueTask DisposeAsync() => _core.DisposeAsync();
}
