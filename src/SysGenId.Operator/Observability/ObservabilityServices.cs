using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Node;

namespace SysGenId.Operator.Observability;

/// <summary>
/// Registers what a command needs to be observed. Then, between building the host and running it:
/// <code>
/// await using var http = host.Services.GetRequiredService&lt;ObservabilityServer&gt;();
/// if (!await http.TryStartAsync(endpoint)) return ExitCode.Failure;
/// </code>
/// and <c>ClusterConnection.Open(options, services.GetRequiredService&lt;ApiRequestHandler&gt;())</c> for each client.
/// </summary>
internal static class ObservabilityServices
{
    /// <summary>For the agent: <see cref="INodeMetrics"/>, <see cref="IReconcileMetrics"/>, the server and its probes. Needs <see cref="INodeGauges"/>.</summary>
    public static IServiceCollection AddAgentObservability(this IServiceCollection services) => services
        .AddShared()
        .AddSingleton<INodeMetrics, NodeMetrics>()
        .AddSingleton<LoopQuestion>()
        .AddSingleton<NodeGaugeCollector>()
        .AddSingleton(provider => Serve(
            provider,
            NodeHealth.Probes(provider.GetRequiredService<LoopQuestion>()),
            typeof(INodeMetrics),
            typeof(NodeGaugeCollector)));

    /// <summary>
    /// For the controller: <see cref="IReconcileMetrics"/>, <see cref="IAdmissionMetrics"/> and the server. Needs
    /// <see cref="IControllerGauges"/>; add each <see cref="HealthProbe"/> as a singleton.
    /// </summary>
    public static IServiceCollection AddControllerObservability(this IServiceCollection services) => services
        .AddShared()
        .AddSingleton<IAdmissionMetrics, AdmissionMetrics>()
        .AddSingleton<ControllerGaugeCollector>()
        .AddSingleton(provider => Serve(provider, [], typeof(IAdmissionMetrics), typeof(ControllerGaugeCollector)));

    private static IServiceCollection AddShared(this IServiceCollection services) => services
        .AddSingleton(_ => Metrics.NewCustomRegistry())
        .AddSingleton<MetricSet>()
        .AddSingleton<BuildInfoMetric>()
        .AddSingleton<IReconcileMetrics, ReconcileMetrics>()
        .AddSingleton<ApiRequestMetrics>()
        .AddTransient<ApiRequestHandler>();

    // Whatever shows something in the registry must have been made before the first scrape.
    private static ObservabilityServer Serve(IServiceProvider provider, IEnumerable<HealthProbe> probes, params Type[] collectors)
    {
        foreach (var collector in collectors.Concat([typeof(BuildInfoMetric), typeof(IReconcileMetrics), typeof(ApiRequestMetrics)]))
            provider.GetRequiredService(collector);
        var registry = provider.GetRequiredService<CollectorRegistry>();
        DotNetStats.Register(registry);
        return new ObservabilityServer(
            registry,
            [.. probes, .. provider.GetServices<HealthProbe>()],
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>());
    }
}
