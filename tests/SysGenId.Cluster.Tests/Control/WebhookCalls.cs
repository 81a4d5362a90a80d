using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Autorest;
using k8s.Models;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Control;

/// <summary>
/// Creates pods one after the other, each through the webhook, and looks beside it how any API server would that opens a
/// new connection: does the certificate that is served have the trust of the caBundle? Whatever fails is kept.
/// </summary>
internal sealed class WebhookCalls : IAsyncDisposable
{
    private readonly ControlledCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _calling;
    private readonly Task _connecting;
    private readonly ConcurrentBag<string> _failures = [];
    private readonly ConcurrentDictionary<string, bool> _served = new();
    private volatile int _injected;

    private WebhookCalls(ControlledCluster cluster)
    {
        _cluster = cluster;
        _calling = Task.Run(CallAsync);
        _connecting = Task.Run(ConnectAsync);
    }

    /// <summary>One line for each call that failed; empty: none did.</summary>
    public string Failures => string.Join('\n', _failures);

    /// <summary>Pods that were injected.</summary>
    public int Injected => _injected;

    /// <summary>Thumbprints of all certificates that were served.</summary>
    public ICollection<string> Served => _served.Keys;

    /// <summary>Begins once the API server, which reads its configuration a moment after it is written, calls the webhook.</summary>
    public static async Task<WebhookCalls> StartAsync(ControlledCluster cluster)
    {
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return IsInjected(await CreateAsync(cluster));
            }
            catch (HttpOperationException)
            {
                return false;
            }
        });
        return new WebhookCalls(cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_calling, _connecting);
        _stop.Dispose();
    }

    private async Task CallAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (IsInjected(await CreateAsync(_cluster))) Interlocked.Increment(ref _injected);
                else _failures.Add("a pod was not injected");
            }
            catch (HttpOperationException failure)
            {
                _failures.Add(failure.Response.Content);
            }
        }
    }

    private static Task<V1Pod> CreateAsync(ControlledCluster cluster)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { GenerateName = "load-" },
            Spec = new V1PodSpec { Containers = [new V1Container { Name = "app", Image = "app" }] },
        };
        return cluster.Cluster.Admin.CoreV1.CreateNamespacedPodAsync(pod, ControlledCluster.Injected, dryRun: "All");
    }

    private static bool IsInjected(V1Pod pod) => pod.Spec.InitContainers?.Any(container => container.Name == "sysgenid-sidecar") is true;

    private async Task ConnectAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                // The bundle first: an API server may know it no better than a moment ago.
                var configuration = await _cluster.Cluster.Admin.AdmissionregistrationV1.ReadMutatingWebhookConfigurationAsync("sysgenid-injector");
                if (configuration.Webhooks[0].ClientConfig.CaBundle is not { Length: > 0 } bundle) continue;
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", _cluster.Service.Port);
                await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => IsTrusted((X509Certificate2)certificate!, bundle));
                await tls.AuthenticateAsClientAsync($"sysgenid-webhook.{ControlledCluster.Namespace}.svc").WaitAsync(Eventually.Patience, TimeProvider.System);
            }
            catch (Exception failure) when (failure is IOException or SocketException or TimeoutException or System.Security.Authentication.AuthenticationException)
            {
                _failures.Add($"handshake: {failure.Message}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private bool IsTrusted(X509Certificate2 certificate, byte[] bundle)
    {
        _served[certificate.Thumbprint] = true;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(System.Text.Encoding.ASCII.GetString(bundle));
        return chain.Build(certificate) && certificate.MatchesHostname($"sysgenid-webhook.{ControlledCluster.Namespace}.svc");
    }
}
