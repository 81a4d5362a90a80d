using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Conformance.Tests.Library;

namespace SysGenId.Conformance.Tests.Nodes;

/// <summary>The journeys of this run, one for each interface that programs in containers use; made when first asked for.</summary>
public sealed class Journeys : IAsyncDisposable
{
    private readonly Dictionary<string, Task<Journey>> _made = [];

    public async ValueTask DisposeAsync()
    {
        await ClientProgram.SettleAsync();
        foreach (var made in _made.Values)
        {
            if (made.IsCompletedSuccessfully) await (await made).DisposeAsync();
        }
    }

    internal Task<Journey> OverAsync(string over)
    {
        if (!_made.TryGetValue(over, out var journey))
            _made[over] = journey = Journey.MakeAsync((IContainedWatchers)AllInterfaces.Named(over));
        return journey;
    }
}
