using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Control;
using SysGenId.Operator.Node;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Tests.Observability;

/// <summary>The endpoint of an agent or a controller that is nothing but its metrics and health.</summary>
internal sealed class ObservedServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HttpClient _client = new();

    private ObservedServer(ServiceProvider services) => _services = services;

    public ObservabilityServer Server => Get<ObservabilityServer>();

    public static async Task<ObservedServer> OfAgentAsync(INodeGauges gauges, TimeProvider? clock = null)
    {
        var services = Services(clock).AddSingleton(gauges).AddAgentObservability();
        return await StartAsync(services);
    }

    public static async Task<ObservedServer> OfControllerAsync(IControllerGauges gauges, params HealthProbe[] probes)
    {
        var services = Services(null).AddSingleton(gauges).AddControllerObservability();
        foreach (var probe in probes) services.AddSingleton(probe);
        return await StartAsync(services);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri($"http://{Server.Endpoint}{path}"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<string> ScrapeAsync()
    {
        var (status, body) = await GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static IServiceCollection Services(TimeProvider? clock) =>
        new ServiceCollection().AddSingleton(clock ?? TimeProvider.System).AddSingleton<ILoggerFactory, LoggerFactory>();

    private static async Task<ObservedServer> StartAsync(IServiceCollection services)
    {
        var started = new ObservedServer(services.BuildServiceProvider());
        Assert.True(await started.Server.TryStartAsync(new IPEndPoint(IPAddress.Loopback, 0)));
        return started;
    }
}
