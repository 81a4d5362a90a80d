using SysGenId.Client;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Library;

/// <summary>A watcher of the library; its outcomes in the words of a device.</summary>
internal sealed class ClientHandle(IGenerationWorld sidecar, GenerationWatcher watcher) : IBlockingHandle, IReturningHandle
{
    public static Outcome OutcomeOf(ForceOutcome outcome) => outcome switch
    {
        ForceOutcome.Forced => Outcome.Success,
        ForceOutcome.PermissionDenied => Outcome.Denied,
        ForceOutcome.Exhausted => Outcome.Exhausted,
        _ => throw new InvalidDataException($"a sidecar that is there answers, and does not make it {outcome}"),
    };

    public Task<ReadResult> TryReadAsync() =>
        Task.FromResult(watcher.TryRead(out var generation) ? ReadResult.Of(generation) : ReadResult.WouldBlock);

    public async Task<ReadResult> ReadAsync(CancellationToken interruption)
    {
        try
        {
            return ReadResult.Of(await watcher.WaitForChangeAsync(interruption));
        }
        catch (OperationCanceledException)
        {
            return new ReadResult(Outcome.Interrupted);
        }
    }

    public async Task<Outcome> AcknowledgeAsync(uint generation) =>
        await watcher.AcknowledgeAsync(generation) == AcknowledgeOutcome.Acknowledged ? Outcome.Success : Outcome.Invalid;

    public Task<bool> IsReadableAsync() => Task.FromResult(watcher.IsOutdated);

    public async Task<Outcome> WaitForWatchersAsync(TimeSpan timeout) => await watcher.WaitForWatchersAsync(timeout) switch
    {
        WatchersOutcome.AllUpToDate => Outcome.Success,
        WatchersOutcome.Interrupted => Outcome.Interrupted,
        WatchersOutcome.TimedOut => Outcome.TimedOut,
        var other => throw new InvalidDataException($"a sidecar that is there answers, and does not make it {other}"),
    };

    // It comes back by itself.
    public Task ReturnAsync() => Eventually.HoldsAsync(async () => (await sidecar.CountsAsync()).Expected == 0, what: "the watcher is back");

    public async ValueTask DisposeAsync()
    {
        await watcher.DisposeAsync();
        await sidecar.SettleAsync();
    }
}
