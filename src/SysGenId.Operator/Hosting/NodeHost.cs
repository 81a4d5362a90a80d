using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Reporting;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Hosting;

/// <summary>The process around a node agent: logging, signals, systemd.</summary>
internal static class NodeHost
{
    /// <summary>Runs an agent until SIGTERM or SIGINT.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(NodeHostOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSystemd();
        builder.Logging.AddConsoleLog(options.Level, options.LogFormat);
        NotifyWhoeverAsks(builder.Services);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(Random.Shared);
        builder.Services.AddSingleton(options.Node);
        builder.Services.AddSingleton<NodePort>();
        builder.Services.AddAgentObservability();
        if (options.Cluster is null) AddPlainHost(builder.Services);
        else AddCluster(builder.Services, options.Cluster);
        using var host = builder.Build();
        return await RunAsync(host, options).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(IHost host, NodeHostOptions options)
    {
        NodeService node;
        try
        {
            node = host.Services.GetRequiredService<NodeService>();
        }
        catch (ClusterUnavailableException mistake)
        {
            await Console.Error.WriteLineAsync(mistake.Message).ConfigureAwait(false);
            return ExitCode.Failure;
        }

        var http = host.Services.GetRequiredService<ObservabilityServer>();
        await using (http.ConfigureAwait(false))
        {
            if (!await http.TryStartAsync(options.Http).ConfigureAwait(false)) return ExitCode.Failure;
            await host.RunAsync().ConfigureAwait(false);
            return node.Failure is null ? ExitCode.Success : ExitCode.Failure;
        }
    }

    private static void AddPlainHost(IServiceCollection services)
    {
        services.AddSingleton<IPodNames>(UnknownPodNames.Instance);
        services.AddSingleton<INodeGauges, NodeReadings>();
        services.AddSingleton(provider => new NodeSurroundings
        {
            Port = provider.GetRequiredService<NodePort>(),
            Metrics = provider.GetRequiredService<INodeMetrics>(),
        });
        AddAgent(services);
    }

    // The agent first: it serves whether the API server can be reached or not.
    private static void AddCluster(IServiceCollection services, ClusterOptions cluster)
    {
        services.AddSingleton<PodDirectory>();
        services.AddSingleton<IPodNames>(provider => provider.GetRequiredService<PodDirectory>());
        services.AddSingleton<INodeGauges>(provider => new NodeReadings(
            provider.GetRequiredService<NodePort>(),
            provider.GetRequiredService<IPodNames>(),
            () => provider.GetRequiredService<NodeReporter>().IsNodeUnique));
        services.AddSingleton(provider => ClusterConnection.Open(cluster, provider.GetRequiredService<ApiRequestHandler>()));
        services.AddSingleton(provider => new NodeSurroundings
        {
            Port = provider.GetRequiredService<NodePort>(),
            Metrics = provider.GetRequiredService<INodeMetrics>(),
            PodNames = provider.GetRequiredService<IPodNames>(),
            KnownElsewhere = provider.GetRequiredService<KnownGeneration>().Ask,
            HasCluster = true,
        });
        services.AddSingleton(provider => new KnownGeneration(
            provider.GetRequiredService<ClusterConnection>(),
            provider.GetRequiredService<NodeOptions>().NodeName,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KnownGeneration>>()));
        services.AddSingleton(provider => new NodeReporter(
            provider.GetRequiredService<ClusterConnection>(),
            provider.GetRequiredService<NodeOptions>().NodeName,
            provider.GetRequiredService<NodePort>(),
            provider.GetRequiredService<PodDirectory>(),
            provider.GetRequiredService<IReconcileMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<ILogger<NodeReporter>>(),
            Installation.Own()));
        AddAgent(services);
        services.AddHostedService<ReportingService>();
    }

    private static void AddAgent(IServiceCollection services)
    {
        services.AddSingleton<NodeService>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeService>());
    }

    // AddSystemd takes a process for a service only when its parent is named systemd. Whoever starts it with a socket for
    // notifications waits for them: a wrapper's systemd, podman, another supervisor.
    private static void NotifyWhoeverAsks(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is null) return;
        services.AddSingleton<ISystemdNotifier, NodeNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
    }
}
