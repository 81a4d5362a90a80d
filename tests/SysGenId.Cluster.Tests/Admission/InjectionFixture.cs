using System.Text.Json.Nodes;
using k8s.Autorest;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Admission;

/// <summary>A cluster whose API server calls the webhook in this process for every pod that asks.</summary>
public sealed class InjectionFixture : ClusterFixture
{
    // The discard port: nobody listens there.
    private const int Nobody = 9;

    private static readonly string[] _lists = ["initContainers", "containers"];

    private readonly TestWebhook _webhook;
    private readonly CancellationTokenSource _end = new();
    private Task _watch = Task.CompletedTask;

    public InjectionFixture()
        : this(TestWebhook.Start())
    {
    }

    private InjectionFixture(TestWebhook webhook)
        : base(new TestClusterOptions
        {
            Flags =
            [
                "--service", $"{TestWebhook.Namespace}/{TestWebhook.Service}:443=127.0.0.1:{webhook.Port}",
                "--service", $"{TestWebhook.Namespace}/{TestWebhook.Service}:444=127.0.0.1:{Nobody}",
            ],
            HasDefinition = false,
        })
    {
        _webhook = webhook;
    }

    internal string Authority => _webhook.Authority;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (TestCluster.AbsenceFor(new TestClusterOptions { HasFaults = true }) is not null) return;
        await Cluster.ApplyAsync(WebhookConfiguration.Injector(Authority));
        await Cluster.NamespaceAsync("ready");
        await Eventually.HoldsAsync(async () => IsInjected(await CreateAsync("ready", Pod(), isDryRun: true)));
        var namespaces = new NamespaceLabels(Cluster.Admin, TimeProvider.System, NullLogger<NamespaceLabels>.Instance);
        _watch = namespaces.RunAsync(_end.Token);
        _webhook.Namespaces.Known = namespaces;
    }

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch;
        await base.DisposeAsync();
        await _webhook.DisposeAsync();
        _end.Dispose();
    }

    /// <summary>A pod of one container, with its label (null: none) and annotations in the order name, value.</summary>
    internal static JsonObject Pod(string? inject = "true", params string[] annotations)
    {
        var labels = new JsonObject();
        if (inject is not null) labels["sysgenid.io/inject"] = inject;
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["generateName"] = "web-",
                ["labels"] = labels,
                ["annotations"] = new JsonObject(annotations.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (JsonNode?)pair[1]))),
            },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "example.org/web:1" }) },
        };
    }

    /// <summary>Creates a pod, as kubectl does; returns what the API server made of it.</summary>
    internal Task<JsonObject> CreateAsync(string inNamespace, JsonObject pod, bool isDryRun = false) => Cluster.Admin.SendAsync<JsonObject>(
        HttpMethod.Post, $"api/v1/namespaces/{inNamespace}/pods{(isDryRun ? "?dryRun=All" : "")}", pod, TestContext.Current.CancellationToken);

    /// <summary>The refusal that creating a pod comes to, in the API server's words.</summary>
    internal async Task<string> RefusalAsync(string inNamespace, JsonObject pod)
    {
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => CreateAsync(inNamespace, pod, isDryRun: true));
        return ApiFault.Of(refusal, TestContext.Current.CancellationToken)!.Message;
    }

    internal static bool IsInjected(JsonObject pod) => Names(pod, "initContainers").Contains("sysgenid-sidecar");

    /// <summary>The names of containers or init containers, in order.</summary>
    internal static IEnumerable<string> Names(JsonObject pod, string list) =>
        (pod["spec"]![list]?.AsArray() ?? []).Select(container => container!["name"]!.GetValue<string>());

    /// <summary>Containers and init containers that have the page.</summary>
    internal static IEnumerable<string> WithPage(JsonObject pod) => _lists
        .SelectMany(list => pod["spec"]![list]?.AsArray() ?? [])
        .Where(container => container!["volumeMounts"]?.AsArray().Any(mount => mount!["mountPath"]!.GetValue<string>() == "/run/sysgenid") == true)
        .Select(container => container!["name"]!.GetValue<string>());
}
