using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Control;

namespace SysGenId.Operator.Hosting;

/// <summary>
/// Runs the controller beside the webhook. On SIGTERM the controller stops at once, so that another replica leads; the
/// webhook goes on for the drain time, so that no API server calls one that is no longer there.
/// </summary>
internal sealed class ControllerService(
    Controller controller, NamespaceLabels namespaces, ControllerOptions options, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ControllerService> log)
    : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>What ended it; null when it was asked to end.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Once the webhook serves: a replica whose port is taken must not lead.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync(lifetime.ApplicationStopping);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Failure is null ? Task.Delay(options.Drain, clock, cancellationToken) : Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        var labels = namespaces.RunAsync(_stop.Token);
        try
        {
            await Task.Run(() => controller.RunAsync(stopping), CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A bug: the process ends in good order and is started again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure = failure;
            log.ControllerFailed(failure);
            lifetime.StopApplication();
        }

        await labels.ConfigureAwait(false);
    }
}
