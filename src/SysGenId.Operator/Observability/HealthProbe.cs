namespace SysGenId.Operator.Observability;

/// <summary>One thing that must be well. Not for what lies outside the process: an API server that is away makes nobody unhealthy.</summary>
/// <param name="Name">Stable, one word.</param>
/// <param name="Scope">What it means when it is not.</param>
/// <param name="FaultAsync">Null when it is well, else a sentence why not. Cancelled when it takes longer than <see cref="HealthReport.Bound"/>.</param>
internal sealed record HealthProbe(string Name, HealthScope Scope, Func<CancellationToken, Task<string?>> FaultAsync)
{
    /// <summary>A probe that needs no waiting.</summary>
    public static HealthProbe Of(string name, HealthScope scope, Func<string?> fault) => new(name, scope, _ => Task.FromResult(fault()));
}
