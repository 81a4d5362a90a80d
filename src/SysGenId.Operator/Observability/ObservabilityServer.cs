using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace SysGenId.Operator.Observability;

/// <summary>Serves <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> in plain HTTP, and nothing else.</summary>
internal sealed class ObservabilityServer : IAsyncDisposable
{
    // Prometheus, the kubelet and a person or two; whoever opens more is not let in, so that nobody can fill the process.
    private const int MaximumConnections = 64;

    private readonly CollectorRegistry _registry;
    private readonly HealthProbe[] _probes;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private WebApplication? _application;

    public ObservabilityServer(CollectorRegistry registry, IEnumerable<HealthProbe> probes, TimeProvider clock, ILoggerFactory logs)
    {
        (_registry, _probes, _clock, _logs) = (registry, [.. probes], clock, logs);
        _log = logs.CreateLogger<ObservabilityServer>();
    }

    /// <summary>Where it serves; null while it does not.</summary>
    public IPEndPoint? Endpoint { get; private set; }

    /// <summary>Serves from now until disposed. Call before the work begins, so that the probes tell how it goes.</summary>
    /// <param name="endpoint">Null to serve nothing; port 0 to take a free one.</param>
    /// <returns>False when the address cannot be had; why is in the log.</returns>
    public async Task<bool> TryStartAsync(IPEndPoint? endpoint)
    {
        if (endpoint is null) return true;
        var application = Build(endpoint);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            _log.CannotServe(endpoint, (failure.GetBaseException() as System.Net.Sockets.SocketException)?.Message ?? failure.Message);
            return false;
        }

        _application = application;
        Endpoint = IPEndPoint.Parse(new Uri(application.Urls.Single()).Authority);
        _log.Serving(Endpoint);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is { } application) await application.DisposeAsync().ConfigureAwait(false);
        (_application, Endpoint) = (null, null);
    }

    private WebApplication Build(IPEndPoint endpoint)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(_logs).AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaximumConnections;
            kestrel.Limits.MaxRequestBodySize = 0;

            // All addresses means those the machine has: it may have no IPv6.
            if (endpoint.Address.Equals(IPAddress.IPv6Any)) kestrel.ListenAnyIP(endpoint.Port);
            else kestrel.Listen(endpoint);
        });
        var application = builder.Build();
        application.MapMetrics(registry: _registry);
        application.MapGet("/healthz", context => AnswerAsync(context, _probes.Where(probe => probe.Scope == HealthScope.Live)));
        application.MapGet("/readyz", context => AnswerAsync(context, _probes));
        return application;
    }

    private async Task AnswerAsync(HttpContext context, IEnumerable<HealthProbe> probes)
    {
        var report = await HealthReport.OfAsync(probes, _clock, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = report.IsWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(report.Text, context.RequestAborted).ConfigureAwait(false);
    }
}
