using SysGenId.Client.Pages;
using SysGenId.Client.Watching;
using SysGenId.Core;
using SysGenId.Core.Protocol;

namespace SysGenId.Client.Sockets;

/// <summary>Waits for all watchers of the pod (S12), over as many connections to the sidecar as that takes.</summary>
internal sealed class WatchersWait(
    MappedPage page,
    Registration registration,
    WatchLink link,
    ControlSocket control,
    Func<uint, CancellationToken, ValueTask<uint>> waitUntilMoved,
    GenerationWatcherOptions options)
{
    // What a timer takes.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(49);

    /// <exception cref="ArgumentOutOfRangeException">No such time can be waited.</exception>
    public static void Check(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, _longest);
    }

    /// <inheritdoc cref="GenerationWatcher.WaitForWatchersAsync"/>
    public async Task<WatchersOutcome> RunAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        // A bump interrupts whoever waits, also when another thread has acknowledged it before we look.
        var handled = registration.Acknowledged;
        using var limit = new CancellationTokenSource(timeout == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : timeout, options.TimeProvider);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var moved = waitUntilMoved(handled, end.Token).AsTask();
        var answered = AskAsync(handled, end.Token);
        try
        {
            await Task.WhenAny(moved, answered).ConfigureAwait(false);
            if (page.Generation != handled) return WatchersOutcome.Interrupted;
            cancellationToken.ThrowIfCancellationRequested();
            if (answered.IsCompletedSuccessfully) return await answered.ConfigureAwait(false);
            if (limit.IsCancellationRequested) return WatchersOutcome.TimedOut;

            // Closed, or answered by something that is not a sidecar: that throws.
            if (moved.IsFaulted) await moved.ConfigureAwait(false);
            return await answered.ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(moved, answered).ContinueWith(
                static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private async Task<WatchersOutcome> AskAsync(uint handled, CancellationToken cancellationToken)
    {
        var request = new Message { Op = Operation.WaitWatchers, Generation = handled };
        var pause = new DoublingPause(options.FirstPause, options.LongestPause);
        while (true)
        {
            // Registered first: the sidecar then has our own ack before it is asked, and counts us in its answer.
            if (!await link.ConnectedAsync(cancellationToken).ConfigureAwait(false)) return WatchersOutcome.Unsupported;
            var (_, answer) = await control.AskAsync(request, cancellationToken).ConfigureAwait(false);
            if (Outcome(answer) is { } outcome) return outcome;

            // Closed for a checkpoint, or the sidecar ended. Nobody became up to date by that.
            await Task.Delay(pause.Next(), options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    // Null: ask again. Without a limit given to it, the sidecar does not say that the time is up.
    private static WatchersOutcome? Outcome(Message? answer) => answer switch
    {
        null or { Error: ErrorCode.TooManyConnections } => null,
        { Ok: true } => WatchersOutcome.AllUpToDate,
        { Error: ErrorCode.Interrupted } => WatchersOutcome.Interrupted,
        _ => throw new IOException($"The sidecar refuses to wait for its watchers: {answer.Text} ({answer.Error})."),
    };
}
