using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SysGenId.Extensions.Hosting.Health;
using SysGenId.Extensions.Hosting.Rounds;

namespace SysGenId.Extensions.Hosting;

/// <summary>Adds the health check.</summary>
public static class SystemGenerationHealthChecks
{
    /// <summary>The name of the check where none is given.</summary>
    public const string DefaultName = "system-generation";

    /// <summary>
    /// Adds a check that is healthy while every generation is handled. It is degraded while one has been unhandled for long, and
    /// where changes may not be told of: without sockets, without the node's agent, without a proven gate. It is unhealthy
    /// while a handler keeps failing.
    /// </summary>
    /// <remarks>
    /// Its data: <c>generation</c>, <c>id</c>, <c>handled</c>, <c>mode</c>; when not healthy <c>reasons</c> (of <c>handlers-failing</c>, <c>outdated</c>,
    /// <c>unavailable</c>, <c>page-only</c>, <c>agent-disconnected</c>, <c>gate-unproven</c>, separated by commas), and <c>handler</c> and <c>failures</c> of
    /// one that fails.
    /// </remarks>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <param name="failureStatus">What to report instead of unhealthy.</param>
    /// <param name="tags">Tags to choose it by.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddSystemGeneration(
        this IHealthChecksBuilder builder,
        string name = DefaultName,
        Action<SystemGenerationHealthOptions>? configure = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new SystemGenerationHealthOptions();
        configure?.Invoke(options);
        SystemGenerationHealthCheck.Validate(options);
        builder.Services.AddSystemGeneration();
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new SystemGenerationHealthCheck(
                provider.GetRequiredService<IGenerationSource>(),
                provider.GetRequiredService<GenerationRounds>(),
                options,
                provider.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus,
            tags));
    }
}
