using SysGenId.Core;
using SysGenId.Core.Protocol;

namespace SysGenId.Client.Sockets;

/// <summary>Asks the sidecar for a bump (S13). Only a question that did not go out is asked again: a second one would be a second bump.</summary>
internal sealed class ForceRequest(WatchLink link, ControlSocket control, GenerationWatcherOptions options)
{
    /// <inheritdoc cref="GenerationWatcher.ForceAsync"/>
    public async Task<ForceOutcome> RunAsync(uint minimum, CancellationToken cancellationToken)
    {
        var request = new Message { Op = Operation.Force, MinimumGeneration = minimum };
        var pause = new DoublingPause(options.FirstPause, options.LongestPause);
        while (true)
        {
            if (!await link.ConnectedAsync(cancellationToken).ConfigureAwait(false)) return ForceOutcome.Unsupported;
            var (wasAsked, answer) = await control.AskAsync(request, cancellationToken).ConfigureAwait(false);
            if (wasAsked) return Outcome(answer);
            await Task.Delay(pause.Next(), options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ForceOutcome Outcome(Message? answer) => answer switch
    {
        null or { Error: ErrorCode.TooManyConnections } => ForceOutcome.Unanswered,
        { Ok: true } => ForceOutcome.Forced,
        { Error: ErrorCode.PermissionDenied } => ForceOutcome.PermissionDenied,
        { Error: ErrorCode.GenerationExhausted } => ForceOutcome.Exhausted,
        _ => throw new IOException($"The sidecar refuses to move the generation: {answer.Text} ({answer.Error})."),
    };
}
