using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Control.Admission;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>The webhook on a port of its own, without TLS.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client;

    private WebhookServer(WebApplication application, RecordedMetrics metrics, ConcurrentQueue<string> log)
    {
        (_application, Metrics, Log) = (application, metrics, log);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _client = new HttpClient { BaseAddress = new Uri(address) };
    }

    private RecordedMetrics Metrics { get; }

    // At Information and above.
    private ConcurrentQueue<string> Log { get; }

    public static async Task<WebhookServer> StartAsync(INamespaceLabels? namespaces = null)
    {
        var (metrics, log) = (new RecordedMetrics(), new ConcurrentQueue<string>());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddPodInjection(Samples.Settings);
        builder.Services.AddSingleton(namespaces ?? new FixedNamespaces());
        builder.Services.AddSingleton<IAdmissionMetrics>(metrics);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Logging.AddFilter("Microsoft", LogLevel.None).AddProvider(new RecordedLog(log));
        var application = builder.Build();
        application.UseRouting();
        application.MapPodInjection();
        await application.StartAsync();
        return new WebhookServer(application, metrics, log);
    }

    /// <summary>Waits until this, and nothing else, is counted: that comes after the answer.</summary>
    public Task CountsAsync(string decision, string reason) => Eventually.HoldsAsync(() => Metrics.Decisions.SequenceEqual([(decision, reason)]));

    /// <summary>Waits until this, and nothing else, is logged.</summary>
    public Task LogsAsync(string line) => Eventually.HoldsAsync(() => Log.SequenceEqual([line]));

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(PodInjectionEndpoint.Path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends so many bytes, with or without saying before how many.</summary>
    public async Task<HttpStatusCode> PostLongAsync(int length, bool isLengthKnown)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, PodInjectionEndpoint.Path) { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.ExpectContinue = isLengthKnown;
        request.Headers.TransferEncodingChunked = !isLengthKnown;
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }

    public async Task<HttpStatusCode> RequestAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
    }

    private sealed class RecordedMetrics : IAdmissionMetrics
    {
        public ConcurrentQueue<(string Decision, string Reason)> Decisions { get; } = [];

        public void Decided(string decision, string reason, TimeSpan elapsed) => Decisions.Enqueue((decision, reason));
    }

    private sealed class RecordedLog(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
