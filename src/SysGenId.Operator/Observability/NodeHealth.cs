namespace SysGenId.Operator.Observability;

/// <summary>
/// What health means for an agent: its loop answers, and (for readiness) what it gives out outlives the machine. Neither
/// needs the API server: restores are served without it.
/// </summary>
internal static class NodeHealth
{
    public const string Loop = "loop";
    public const string State = "state";

    public static IEnumerable<HealthProbe> Probes(LoopQuestion loop) =>
    [
        new(Loop, HealthScope.Live, async cancellation =>
            await loop.AskAsync(cancellation).ConfigureAwait(false) is null
                ? $"The agent's loop did not answer within {LoopQuestion.Bound.TotalMilliseconds:0} ms." : null),
        new(State, HealthScope.Ready, async cancellation =>
            await loop.AskAsync(cancellation).ConfigureAwait(false) is { IsStateStored: true }
                ? null : "The agent has not stored its first state yet."),
    ];
}
