using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.Watchers;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Pure;

/// <summary>Waits of the registry. It has no clock: the caller ends a wait whose time is up, here at once.</summary>
internal sealed class CoreWaits(WatcherRegistry registry)
{
    public async Task<Outcome> WaitAsync(uint? handled, TimeSpan timeout)
    {
        var wait = registry.BeginWait(handled, null);
        if (timeout > TimeSpan.Zero) registry.EndWait(wait);
        await Eventually.HoldsAsync(() => wait.Outcome != WaitOutcome.Pending);
        return wait.Outcome switch
        {
            WaitOutcome.UpToDate => Outcome.Success,
            WaitOutcome.Interrupted => Outcome.Interrupted,
            _ => Outcome.TimedOut,
        };
    }
}
