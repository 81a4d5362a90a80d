using k8s;
using k8s.Models;
using SysGenId.Core;

namespace SysGenId.Operator.Cluster;

/// <summary>
/// The connection to the API server: all of <see cref="IKubernetes"/>, and requests to any kind by its path. Thread-safe.
/// Opening it reads configuration only; the server may come later.
/// </summary>
/// <remarks>
/// Requests throw <see cref="k8s.Autorest.HttpOperationException"/>, <see cref="HttpRequestException"/> or, after
/// <see cref="ClusterOptions.RequestTimeout"/>, <see cref="OperationCanceledException"/>; <see cref="ApiFault"/> reads them.
/// </remarks>
internal sealed class ClusterConnection : Kubernetes
{
    /// <summary>Nobody answers on an address that swallows packets; the library would wait for ever.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A watch is silent for minutes: only pings tell that its server is still there. As other Kubernetes clients do.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Where kubelet keeps a pod's token.</summary>
    private const string ServiceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    private ClusterConnection(KubernetesClientConfiguration configuration, DelegatingHandler[] handlers)
        : base(configuration, handlers)
    {
        Namespace = configuration.Namespace;
    }

    /// <summary>The namespace of the pod this runs in, or of the kubeconfig's context; null when there is none.</summary>
    public string? Namespace { get; }

    /// <summary>Reads the configuration and prepares the connection; nothing is sent yet.</summary>
    /// <param name="options">Where the cluster is.</param>
    /// <param name="handlers">Every request passes them, the first one first; they must be new ones.</param>
    /// <exception cref="ClusterUnavailableException">There is no usable configuration.</exception>
    public static ClusterConnection Open(ClusterOptions options, params DelegatingHandler[] handlers)
    {
        var faults = string.Join(' ', options.Faults());
        if (faults.Length > 0) throw new ClusterUnavailableException(faults);
        try
        {
            var configuration = options.Kubeconfig is null ? InCluster() : KubeconfigFile.Read(options.Kubeconfig, options.Context);
            configuration.HttpClientTimeout = options.RequestTimeout;
            configuration.UserAgent = $"sysgenid-operator/{ProductVersion.Text}";
            configuration.FirstMessageHandlerSetup = SetUp;
            return new ClusterConnection(configuration, handlers);
        }
        catch (Exception e) when (e is not ClusterUnavailableException)
        {
            // The library has no common exception for what can be wrong with a configuration.
            var source = options.Kubeconfig is null ? "The service account of this pod" : $"The kubeconfig {options.Kubeconfig}";
            throw new ClusterUnavailableException($"{source} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Sends a request to a path below the server's address. Dispose what it returns.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path and query, without a leading slash; see <see cref="ResourceAddress"/>.</param>
    /// <param name="body">An object to be sent as JSON, a <see cref="V1Patch"/>, or null.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <remarks>Returns once the head of the answer is here; its body is bounded by the token alone.</remarks>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation) =>
        SendRequest(path, method, null, body, cancellation);

    /// <summary>Sends a request and reads the answer, within the request timeout.</summary>
    /// <inheritdoc cref="SendAsync" path="/param"/>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(HttpClientTimeout);
        using var response = await SendAsync(method, path, body, bounded.Token).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(bounded.Token).ConfigureAwait(false);
        return KubernetesJson.Deserialize<T>(text);
    }

    private static KubernetesClientConfiguration InCluster()
    {
        if (!KubernetesClientConfiguration.IsInCluster())
        {
            throw new ClusterUnavailableException(
                "This is not a pod with a service account token: give a kubeconfig file with --kubeconfig, or run without a cluster.");
        }

        var configuration = KubernetesClientConfiguration.InClusterConfig();
        configuration.TokenProvider = new TokenFile(ServiceAccountToken);
        return configuration;
    }

    private static void SetUp(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = ConnectTimeout;
        handler.KeepAlivePingDelay = PingDelay;
        handler.KeepAlivePingTimeout = PingTimeout;
    }
}
