using SysGenId.Client;
using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Library;

/// <summary>A pod as a watcher of the library sees it.</summary>
internal sealed class ClientView(string directory) : IGateView
{
    private readonly GenerationWatcher _watcher = ClientWorld.Open(directory);

    public uint Generation => _watcher.Generation;

    public Guid Id => _watcher.GenerationId;

    public async Task<Change> ForceAsync(uint minimum)
    {
        var outcome = ClientHandle.OutcomeOf(await _watcher.ForceAsync(minimum));
        return new Change(outcome, _watcher.Generation);
    }

    public Task<bool> IsGateProvenAsync() => Task.FromResult(_watcher.IsGateProven);

    public ValueTask DisposeAsync() => _watcher.DisposeAsync();
}
