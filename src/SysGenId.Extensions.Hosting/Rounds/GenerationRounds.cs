using Microsoft.Extensions.Logging;
using SysGenId.Client;

namespace SysGenId.Extensions.Hosting.Rounds;

/// <summary>
/// Runs the handlers for each generation and acknowledges it when all have succeeded. A newer generation ends the round of
/// the older one, which is then never acknowledged.
/// </summary>
/// <remarks>One caller runs it; <see cref="State"/> may be read by any thread.</remarks>
internal sealed class GenerationRounds
{
    private readonly IGenerationSource _source;
    private readonly IReadOnlyList<IGenerationChangeHandler> _handlers;
    private readonly SystemGenerationOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private volatile RoundState _state;

    public GenerationRounds(
        IGenerationSource source,
        IEnumerable<IGenerationChangeHandler> handlers,
        SystemGenerationOptions options,
        TimeProvider clock,
        ILogger log)
    {
        // OrderBy keeps those of one order as they were registered.
        (_source, _handlers) = (source, [.. handlers.OrderBy(handler => handler.Order)]);
        (_options, _clock, _log) = (options, clock, log);
        _state = new RoundState(source.Acknowledged);
    }

    /// <summary>How far they are.</summary>
    public RoundState State => _state;

    /// <summary>Says what is followed.</summary>
    public void Announce()
    {
        if (_source.Mode == WatcherMode.Unavailable)
            _log.Unavailable();
        else
            _log.Following(_source.Read().Generation, _source.Mode, _handlers.Count);
    }

    /// <summary>Runs every handler once for the generation the host starts with.</summary>
    /// <exception cref="Exception">Whatever a handler threw: the host cannot start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var change = new GenerationChange(_source.Read(), _source.Acknowledged, IsStart: true);
        foreach (var handler in _handlers)
            await handler.HandleAsync(change, cancellationToken).ConfigureAwait(false);
        await AcknowledgeAsync(change.Current, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Follows the generation; ends well only when a handler has failed as often as it may.</summary>
    /// <exception cref="OperationCanceledException">The host stops.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        do
        {
            await _source.WaitForChangeAsync(stopping).ConfigureAwait(false);
        }
        while (await RoundAsync(stopping).ConfigureAwait(false) != HandlerOutcome.GaveUp);
    }

    private async Task<HandlerOutcome> RoundAsync(CancellationToken stopping)
    {
        var change = new GenerationChange(_source.Read(), _source.Acknowledged, IsStart: false);
        var generation = change.Current.Generation;
        _state = _state with { OutdatedSince = _state.OutdatedSince ?? _clock.GetTimestamp() };
        _log.RoundBegins(generation, change.Current.Cause, change.Handled);

        using var round = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var superseding = CancelOnNewerAsync(generation, round);
        var outcome = await RunHandlersAsync(change, round.Token, stopping).ConfigureAwait(false);
        await round.CancelAsync().ConfigureAwait(false);
        await superseding.ConfigureAwait(false);

        if (outcome == HandlerOutcome.Succeeded && !await AcknowledgeAsync(change.Current, stopping).ConfigureAwait(false))
            outcome = HandlerOutcome.Superseded;
        if (outcome == HandlerOutcome.Superseded)
            _log.RoundSuperseded(generation);
        return outcome;
    }

    private async Task CancelOnNewerAsync(uint generation, CancellationTokenSource round)
    {
        try
        {
            await _source.WaitForNewerAsync(generation, round.Token).ConfigureAwait(false);
            await round.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }

    private async Task<HandlerOutcome> RunHandlersAsync(GenerationChange change, CancellationToken round, CancellationToken stopping)
    {
        foreach (var handler in _handlers)
        {
            var outcome = await RunAsync(handler, change, round).ConfigureAwait(false);
            stopping.ThrowIfCancellationRequested();
            if (outcome != HandlerOutcome.Succeeded)
                return outcome;
        }

        return HandlerOutcome.Succeeded;
    }

    /// <summary>Calls a handler until it succeeds, with pauses that grow.</summary>
    private async Task<HandlerOutcome> RunAsync(IGenerationChangeHandler handler, GenerationChange change, CancellationToken round)
    {
        var delay = _options.RetryDelay;
        for (var attempt = 1; ; attempt++, delay = Longer(delay))
        {
            if (round.IsCancellationRequested)
                return HandlerOutcome.Superseded;
            if (await FailureOfAsync(handler, change, round).ConfigureAwait(false) is not { } failure)
                return HandlerOutcome.Succeeded;
            if (round.IsCancellationRequested)
                return HandlerOutcome.Superseded;
            if (attempt == _options.MaximumAttempts)
            {
                _log.HandlerGivenUp(failure, handler.Name, change.Current.Generation, attempt);
                return HandlerOutcome.GaveUp;
            }

            _log.HandlerFailed(failure, handler.Name, change.Current.Generation, attempt, delay);
            await PauseAsync(delay, round).ConfigureAwait(false);
        }
    }

    /// <summary>Calls a handler once; null: it succeeded.</summary>
    private async Task<Exception?> FailureOfAsync(IGenerationChangeHandler handler, GenerationChange change, CancellationToken round)
    {
        try
        {
            await handler.HandleAsync(change, round).ConfigureAwait(false);
            if (_state.FailingHandler == handler.Name)
                _state = _state with { FailingHandler = null, Failures = 0, LastFailure = null };
            return null;
        }
        catch (Exception failure)
        {
            // What a handler that is no longer wanted throws says nothing of it.
            if (!round.IsCancellationRequested)
                _state = _state with { FailingHandler = handler.Name, Failures = _state.Failures + 1, LastFailure = failure };
            return failure;
        }
    }

    /// <summary>Returns early when the round is over.</summary>
    private async Task PauseAsync(TimeSpan delay, CancellationToken round) =>
        await Task.Delay(delay, _clock, round).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<bool> AcknowledgeAsync(GenerationInfo current, CancellationToken cancellationToken)
    {
        if (!await _source.AcknowledgeAsync(current.Generation, cancellationToken).ConfigureAwait(false))
            return false;
        _state = new RoundState(current.Generation);
        _log.Acknowledged(current.Generation);
        return true;
    }

    private TimeSpan Longer(TimeSpan delay) => delay < _options.MaximumRetryDelay / 2 ? delay * 2 : _options.MaximumRetryDelay;
}
