using System.Net;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Control;

/// <summary>One replica of the controller, as the program that users run.</summary>
internal sealed class ControllerProcess : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "sysgenid-operator");

    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private ControllerProcess(ChildProcess process, string user, int webhookPort, int httpPort)
    {
        (_process, User, WebhookPort) = (process, user, webhookPort);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}/"), Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Whom the API server takes it for.</summary>
    public string User { get; }

    public int WebhookPort { get; }

    public string Log => _process.Output;

    public string Evidence => _process.Evidence;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a replica; it may not be ready yet.</summary>
    public static ControllerProcess Start(string kubeconfig, string user, params string[] options)
    {
        var (webhook, http) = (FreePort.Take(), FreePort.Take());
        string[] arguments =
        [
            "controller", "--kubeconfig", kubeconfig, "--context", user, "--webhook-port", $"{webhook}", "--http-address", $"127.0.0.1:{http}",
            "--namespace", ControlledCluster.Namespace, "--sidecar-image", "registry.example/sysgenid-sidecar:1", .. options,
            .. options.Contains("--drain") ? Array.Empty<string>() : ["--drain", "0s"],
        ];
        return new ControllerProcess(ChildProcess.Start(Program, arguments), user, webhook, http);
    }

    /// <summary>Whether <c>/readyz</c> or <c>/healthz</c> is well.</summary>
    public async Task<bool> IsWellAsync(string path = "readyz")
    {
        try
        {
            using var answer = await _http.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The value of a metric, with its labels as they are shown; null when it is not.</summary>
    public async Task<double?> MetricAsync(string name)
    {
        var line = (await _http.GetStringAsync("metrics")).Split('\n').FirstOrDefault(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(name.Length + 1)..]);
    }

    public async Task<bool> IsLeadingAsync() => await IsWellAsync("healthz") && await MetricAsync("sysgenid_leader") is 1;

    public Task ReadyAsync() => Eventually.HoldsAsync(async () => HasExited ? throw new InvalidOperationException(Evidence) : await IsWellAsync());

    public Task LeadingAsync() => Eventually.HoldsAsync(async () => HasExited ? throw new InvalidOperationException(Evidence) : await IsLeadingAsync());

    public Task<int> StopAsync() => _process.StopAsync();

    public Task KillAsync() => _process.KillAsync();

    public void Send(Signal signal) => _process.Send(signal);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(Evidence);
        await _process.DisposeAsync();
    }
}
