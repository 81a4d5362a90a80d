using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SysGenId.Extensions.Hosting.Resetting;

namespace SysGenId.Extensions.Hosting;

/// <summary>
/// Renews what .NET itself keeps and lets be renewed. It runs before all other handlers. The package's README says what it
/// renews, what the application has to, and what nobody can.
/// </summary>
public sealed class RuntimeResetHandler : IGenerationChangeHandler
{
    private readonly RuntimeResetOptions _options;
    private readonly ILogger<RuntimeResetHandler> _log;

    /// <summary>Made by the container; see <see cref="SystemGenerationServices.AddRuntimeReset"/>.</summary>
    /// <param name="options">What to renew.</param>
    /// <param name="log">Where it says what it did.</param>
    public RuntimeResetHandler(IOptions<RuntimeResetOptions> options, ILogger<RuntimeResetHandler> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _log) = (options.Value, log);
    }

    /// <summary>Before all others: they draw from what this renews.</summary>
    public int Order => int.MinValue;

    /// <inheritdoc/>
    public ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken)
    {
        if (_options.ReseedOpenSsl)
            Reseed();
        if (_options.RenewTraceIds && !TraceIds.Renew())
            _log.TraceIdsAreTheApplications();
        return ValueTask.CompletedTask;
    }

    private void Reseed()
    {
        if (OpenSslRandom.Reseed() == ReseedOutcome.Reseeded)
            _log.Reseeded();
        else
            _log.NotLoaded();
    }
}
