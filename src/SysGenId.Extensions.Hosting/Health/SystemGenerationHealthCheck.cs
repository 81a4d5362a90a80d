using Microsoft.Extensions.Diagnostics.HealthChecks;
using SysGenId.Client;
using SysGenId.Extensions.Hosting.Rounds;

namespace SysGenId.Extensions.Hosting.Health;

/// <summary>Whether the application has adapted, and whether it would be told.</summary>
internal sealed class SystemGenerationHealthCheck : IHealthCheck
{
    private static readonly TimeSpan _longestThreshold = TimeSpan.FromDays(1);

    private readonly IGenerationSource _source;
    private readonly GenerationRounds _rounds;
    private readonly SystemGenerationHealthOptions _options;
    private readonly TimeProvider _clock;

    public SystemGenerationHealthCheck(
        IGenerationSource source, GenerationRounds rounds, SystemGenerationHealthOptions options, TimeProvider clock) =>
        (_source, _rounds, _options, _clock) = (source, rounds, options, clock);

    /// <exception cref="ArgumentException">Something is out of its range; the message names all of it.</exception>
    public static void Validate(SystemGenerationHealthOptions options)
    {
        var faults = new List<string>();
        if (options.OutdatedThreshold < TimeSpan.Zero || options.OutdatedThreshold > _longestThreshold)
            faults.Add($"{nameof(options.OutdatedThreshold)} must be 0 to 1 day");
        if (options.FailuresUntilUnhealthy < 1)
            faults.Add($"{nameof(options.FailuresUntilUnhealthy)} must be at least 1");
        if (faults.Count > 0)
            throw new ArgumentException($"These options cannot be used: {string.Join("; ", faults)}.", nameof(options));
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = _rounds.State;
        var reasons = Reasons(state).ToList();
        var status = reasons switch
        {
            [] => HealthStatus.Healthy,
            [HealthReason.HandlersFailing, ..] => context.Registration.FailureStatus,
            _ => HealthStatus.Degraded,
        };
        var description = reasons.Count == 0 ? "Every generation is handled." : string.Join(' ', reasons.Select(reason => Sentence(reason, state)));
        return Task.FromResult(new HealthCheckResult(status, description, state.LastFailure, Data(state, reasons)));
    }

    /// <summary>All that is wrong, the worst first.</summary>
    private IEnumerable<string> Reasons(RoundState state)
    {
        if (state.Failures >= _options.FailuresUntilUnhealthy)
            yield return HealthReason.HandlersFailing;
        if (state.OutdatedSince is { } since && _clock.GetElapsedTime(since) > _options.OutdatedThreshold)
            yield return HealthReason.Outdated;
        var mode = _source.Mode;
        if (mode == WatcherMode.Unavailable)
        {
            yield return HealthReason.Unavailable;
            yield break;
        }

        if (mode == WatcherMode.PageOnly)
            yield return HealthReason.PageOnly;

        // Without the agent nobody knows whether the gate is proven.
        if (!_source.IsAgentConnected)
            yield return HealthReason.AgentDisconnected;
        else if (_options.RequireProvenGate && !_source.IsGateProven)
            yield return HealthReason.GateUnproven;
    }

    private string Sentence(string reason, RoundState state) => reason switch
    {
        HealthReason.HandlersFailing => $"Handler {state.FailingHandler} failed {state.Failures} times in a row.",
        HealthReason.Outdated => $"Generation {_source.Read().Generation} is not handled since {_clock.GetElapsedTime(state.OutdatedSince!.Value).TotalSeconds:0} s.",
        HealthReason.Unavailable => "Nothing is mounted that tells the system generation.",
        HealthReason.PageOnly => "There is a page and no socket: nobody learns that a generation is handled.",
        HealthReason.AgentDisconnected => "The sidecar does not hear from the node's agent: changes may be told late.",
        _ => "The node's gate is not proven: a restored container may run before it is told.",
    };

    private Dictionary<string, object> Data(RoundState state, List<string> reasons)
    {
        var current = _source.Read();
        var data = new Dictionary<string, object>
        {
            ["generation"] = current.Generation,
            ["id"] = current.Id,
            ["handled"] = state.Handled,
            ["mode"] = _source.Mode,
        };
        if (reasons.Count > 0)
            data["reasons"] = string.Join(',', reasons);
        if (state.FailingHandler is { } handler)
            (data["handler"], data["failures"]) = (handler, state.Failures);
        return data;
    }
}
