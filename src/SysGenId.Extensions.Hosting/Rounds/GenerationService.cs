using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SysGenId.Extensions.Hosting.Rounds;

/// <summary>Runs the rounds between the host's start and its stop.</summary>
internal sealed class GenerationService : BackgroundService
{
    private readonly GenerationRounds _rounds;
    private readonly SystemGenerationOptions _options;
    private readonly IHostApplicationLifetime _lifetime;

    public GenerationService(GenerationRounds rounds, IOptions<SystemGenerationOptions> options, IHostApplicationLifetime lifetime) =>
        (_rounds, _options, _lifetime) = (rounds, options.Value, lifetime);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _rounds.Announce();
        if (_options.RunHandlersAtStart)
            await _rounds.StartAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A handler that blocks must not hold up the start of the other services.
        await Task.Yield();
        await _rounds.RunAsync(stoppingToken).ConfigureAwait(false);
        _lifetime.StopApplication();
    }
}
