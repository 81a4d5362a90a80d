using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Control;

/// <summary>
/// Runs rounds that compare what is with what should be: one when something changed, one when its time has come, and after
/// a failure one more, later each time. However much changes, rounds keep a distance.
/// </summary>
internal sealed class ReconcileLoop
{
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly string _name;
    private readonly TimeProvider _clock;
    private readonly IReconcileMetrics _metrics;
    private readonly ILogger _log;
    private readonly BackOff _backOff;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string? _fault;

    public ReconcileLoop(string name, TimeProvider clock, Random chance, IReconcileMetrics metrics, ILogger log)
    {
        (_name, _clock, _metrics, _log) = (name, clock, metrics, log);
        _backOff = new BackOff(FirstWait, LongestWait, clock, chance);
    }

    /// <summary>Something changed. Thread-safe, does not block.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Runs rounds until cancelled; then it returns, with no exception.</summary>
    public async Task RunAsync(Func<CancellationToken, Task<ReconcileRound>> round, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            // What changes from here on is looked at in the next round.
            _wakes.Reader.TryRead(out _);
            try
            {
                var result = await round(cancellation).ConfigureAwait(false);
                Succeeded(result);
                await WaitAsync(result, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (ApiFault.Of(failure, cancellation) is { } fault)
            {
                Failed(fault);
                await _backOff.WaitAsync(fault.RetryAfter, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task WaitAsync(ReconcileRound round, CancellationToken cancellation)
    {
        if (round.Result == ReconcileResult.Conflict)
        {
            await _backOff.WaitAsync(null, cancellation).ConfigureAwait(false);
            return;
        }

        _backOff.Reset();
        await Task.Delay(Distance, _clock, cancellation).ConfigureAwait(false);
        try
        {
            // A timer cannot be set for longer than some weeks; looking early is harmless.
            var longest = TimeSpan.FromDays(1);
            var wait = round.LookAgain is { } lookAgain && lookAgain < longest ? lookAgain : longest;
            if (wait > TimeSpan.Zero) await _wakes.Reader.WaitToReadAsync(cancellation).AsTask().WaitAsync(wait, _clock, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Its time has come.
        }
    }

    private void Succeeded(ReconcileRound round)
    {
        _metrics.Reconciled(_name, round.Result);
        if (_fault is null || round.Result == ReconcileResult.Conflict) return;
        _fault = null;
        _log.Recovered(_name);
    }

    private void Failed(ApiFault fault)
    {
        _metrics.Reconciled(_name, fault.IsConflict ? ReconcileResult.Conflict : ReconcileResult.Failed);
        if (fault.IsConflict || _fault == fault.Message) return;
        _fault = fault.Message;
        _log.ReconcileFailed(_name, fault.Reason, fault.Message);
    }
}
