using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Control.Certificates;
using SysGenId.Operator.Control.Leadership;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Hosting;

/// <summary>The process around a controller: its web servers, logging, signals.</summary>
internal static class ControllerHost
{
    /// <summary>Runs a controller until SIGTERM or SIGINT.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(ControllerSettings settings)
    {
        try
        {
            return await ServeAsync(settings).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ClusterUnavailableException or IOException)
        {
            // There is no such cluster, or the webhook's port cannot be had.
            await Console.Error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return ExitCode.Failure;
        }
    }

    private static async Task<int> ServeAsync(ControllerSettings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Logging.AddConsoleLog(settings.Level, settings.Format);
        AddController(builder.Services, settings);
        Listen(builder.WebHost, settings.Controller.WebhookPort);
        var application = builder.Build();
        await using (application.ConfigureAwait(false))
        {
            application.Use((context, next) => PartWhenStopping(context, next, application.Lifetime.ApplicationStopping));
            application.MapPodInjection();
            var controller = application.Services.GetRequiredService<ControllerService>();
            var http = application.Services.GetRequiredService<ObservabilityServer>();
            await using (http.ConfigureAwait(false))
            {
                if (!await http.TryStartAsync(settings.Http).ConfigureAwait(false)) return ExitCode.Failure;
                await application.RunAsync().ConfigureAwait(false);
                return controller.Failure is null ? ExitCode.Success : ExitCode.Failure;
            }
        }
    }

    // API servers keep connections, and speak HTTP/1.1 to webhooks: a request that is on its way while its connection is closed
    // fails. So none is left to be closed: each answer is the last of its connection, and the next goes to another replica.
    private static Task PartWhenStopping(HttpContext context, RequestDelegate next, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
        return next(context);
    }

    private static void AddController(IServiceCollection services, ControllerSettings settings)
    {
        services.AddRoutingCore().AddControllerObservability().AddPodInjection(settings.Injection);
        services.AddSingleton(settings.Controller);
        services.AddSingleton<ServingCertificate>();
        services.AddSingleton(new LeaderTerm(settings.Controller.Leadership.RenewDeadline));
        services.AddSingleton(provider => ClusterConnection.Open(settings.Cluster, provider.GetRequiredService<ApiRequestHandler>()));
        services.AddSingleton<NamespaceLabels>();
        services.AddSingleton<INamespaceLabels>(provider => provider.GetRequiredService<NamespaceLabels>());
        services.AddSingleton(provider => new Controller(
            settings.Controller,
            provider.GetRequiredService<ClusterConnection>(),
            ClusterConnection.Open(settings.Cluster, new LeaderFence(provider.GetRequiredService<LeaderTerm>()), provider.GetRequiredService<ApiRequestHandler>()),
            provider.GetRequiredService<LeaderTerm>(),
            provider.GetRequiredService<ServingCertificate>(),
            provider.GetRequiredService<IReconcileMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("SysGenId.Operator.Control")));
        services.AddSingleton<IControllerGauges>(provider => provider.GetRequiredService<Controller>());
        services.AddSingleton<ControllerService>();
        services.AddHostedService(provider => provider.GetRequiredService<ControllerService>());
        services.AddSingleton(provider => HealthProbe.Of(
            "certificate",
            HealthScope.Ready,
            () => provider.GetRequiredService<ServingCertificate>().NotAfter is null ? "No serving certificate is loaded yet." : null));
        services.AddSingleton(provider => HealthProbe.Of(
            "namespaces",
            HealthScope.Ready,
            () => provider.GetRequiredService<NamespaceLabels>().IsSynced ? null : "The namespaces are not known yet."));
        services.AddSingleton(provider => HealthProbe.Of(
            "running",
            HealthScope.Ready,
            () => provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested ? "It is stopping." : null));
    }

    private static void Listen(ConfigureWebHostBuilder web, int port) => web.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel((_, kestrel) =>
    {
        kestrel.AddServerHeader = false;
        var serving = kestrel.ApplicationServices.GetRequiredService<ServingCertificate>();

        // Asked at each handshake: certificates change while connections live on.
        kestrel.ListenAnyIP(port, listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(serving.Options) }));
    });
}
