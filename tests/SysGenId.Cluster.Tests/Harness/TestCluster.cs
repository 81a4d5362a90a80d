using k8s;
using k8s.KubeConfigModels;
using k8s.Models;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Clusters;
using Testcontainers.K3s;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>
/// A cluster for tests: the one that SYSGENID_TEST_KUBECONFIG names, else a test API server of its own
/// (<see cref="ApiServerProcess"/>), else K3s in a container.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _servers;
    private readonly List<ClusterConnection> _connections = [];
    private readonly TemporaryDirectory _files = new();
    private readonly AuditLog? _audit;

    private TestCluster(string kubeconfig, AuditLog? audit, params List<IAsyncDisposable> servers)
    {
        (Kubeconfig, _audit, _servers) = (kubeconfig, audit, servers);
        Admin = Open(context: null, new ResetRetry());
        Faults = new FaultInjection(Admin);
    }

    /// <summary>The kubeconfig file; its current context may do anything.</summary>
    public string Kubeconfig { get; }

    /// <summary>A connection that may do anything.</summary>
    public ClusterConnection Admin { get; }

    /// <summary>Faults of the test API server.</summary>
    public FaultInjection Faults { get; }

    /// <summary>What was asked of the server; only with <see cref="TestClusterOptions.IsAudited"/>.</summary>
    public AuditLog Audit => _audit ?? throw new InvalidOperationException("This cluster was started without an audit log.");

    private static string? Given => Environment.GetEnvironmentVariable("SYSGENID_TEST_KUBECONFIG") is { Length: > 0 } given ? given : null;

    private static bool HasDocker => File.Exists("/var/run/docker.sock") || Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 };

    /// <summary>Starts (or takes) a cluster and puts our resource definition into it. The test is skipped where there is none.</summary>
    public static async Task<TestCluster> StartAsync(TestClusterOptions? options = null)
    {
        options ??= new TestClusterOptions();
        Requires.Cluster(AbsenceFor(options));
        var cluster = Given is { } kubeconfig ? new TestCluster(kubeconfig, null)
            : ApiServerProcess.Program is not null ? await StartServerAsync(options)
            : await StartK3sAsync();
        if (options.HasDefinition) await cluster.DefineAsync();
        return cluster;
    }

    /// <summary>Why there is no such cluster here, as the rest of a sentence that begins with "this test"; null: there is one.</summary>
    public static string? AbsenceFor(TestClusterOptions options)
    {
        if (options.NeedsTestServer)
            return Given is null && ApiServerProcess.Program is not null ? null : "needs the test API server: name it in SYSGENID_TEST_APISERVER";
        return Given is not null || ApiServerProcess.Program is not null || HasDocker ? null
            : "needs a cluster: name a kubeconfig in SYSGENID_TEST_KUBECONFIG or a test API server in SYSGENID_TEST_APISERVER, or install Docker";
    }

    /// <summary>A new connection, as the user of a context of the kubeconfig; disposed with the cluster.</summary>
    /// <param name="context">A user started with <c>--user</c>; null: the one who may do anything.</param>
    /// <param name="handlers">Every request passes them.</param>
    public ClusterConnection Open(string? context = null, params DelegatingHandler[] handlers) =>
        Open(new ClusterOptions { Kubeconfig = Kubeconfig, Context = context }, handlers);

    /// <inheritdoc cref="Open(string?, DelegatingHandler[])"/>
    public ClusterConnection Open(ClusterOptions options, params DelegatingHandler[] handlers)
    {
        var connection = ClusterConnection.Open(options, handlers);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>A token of a service account, for a few minutes. The account is made when it is not there.</summary>
    public async Task<string> TokenAsync(string inNamespace, string account, TimeSpan? lifetime = null, V1BoundObjectReference? bound = null)
    {
        await ApplyAsync($"{{apiVersion: v1, kind: ServiceAccount, metadata: {{namespace: {inNamespace}, name: {account}}}}}");
        var request = new Authenticationv1TokenRequest
        {
            Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = (long)(lifetime ?? TimeSpan.FromMinutes(10)).TotalSeconds, BoundObjectRef = bound },
        };
        return (await Admin.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, account, inNamespace)).Status.Token;
    }

    /// <summary>A kubeconfig file for a process that is to act with this token.</summary>
    public string KubeconfigFor(string token) => KubeconfigWith($"token: {token}");

    /// <summary>A kubeconfig file for a process that is to read its token from a file, as in a pod.</summary>
    public string KubeconfigForTokenFile(string tokenFile) => KubeconfigWith($"tokenFile: {tokenFile}");

    /// <summary>Applies YAML documents with strict validation, as <c>kubectl apply --server-side</c> does. Errors throw.</summary>
    public Task ApplyAsync(string yaml) => new Manifests(Admin).ApplyAsync(yaml);

    /// <summary>Makes the namespace when it is not there.</summary>
    public Task NamespaceAsync(string name, params (string Key, string Value)[] labels) => ApplyAsync(
        $"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {{{string.Join(", ", labels.Select(label => $"{label.Key}: '{label.Value}'"))}}}}}}}");

    /// <summary>Makes a node, and returns it: its UID is what owner references need.</summary>
    public async Task<V1Node> NodeAsync(string name)
    {
        await ApplyAsync($"{{apiVersion: v1, kind: Node, metadata: {{name: {name}}}}}");
        return await Admin.CoreV1.ReadNodeAsync(name);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) connection.Dispose();
        foreach (var server in _servers) await server.DisposeAsync();
        _files.Dispose();
    }

    private static async Task<TestCluster> StartServerAsync(TestClusterOptions options)
    {
        var audit = options.IsAudited ? new AuditLog() : null;
        var flags = audit is null ? options.Flags : [.. options.Flags, "--audit-log", audit.Path];
        var server = await ApiServerProcess.StartAsync(flags);
        return new TestCluster(server.Kubeconfig, audit, audit is null ? [server] : [server, audit]);
    }

    private static async Task<TestCluster> StartK3sAsync()
    {
        var files = new TemporaryFiles();
        var container = new K3sBuilder("rancher/k3s:v1.31.5-k3s1").Build();
        await container.StartAsync();
        var kubeconfig = files.Write("kubeconfig", await container.GetKubeconfigAsync());
        return new TestCluster(kubeconfig, null, container, files);
    }

    private async Task DefineAsync()
    {
        await ApplyAsync(await File.ReadAllTextAsync(ResourceDefinition.File));
        await Eventually.HoldsAsync(() => ResourceDefinition.IsServedAsync(Admin));
    }

    private string KubeconfigWith(string credential)
    {
        var given = KubernetesYaml.Deserialize<K8SConfiguration>(File.ReadAllText(Kubeconfig));
        var cluster = given.Clusters.First().ClusterEndpoint;
        var path = _files.File($"kubeconfig-{Guid.NewGuid():N}");
        var authority = cluster.CertificateAuthorityData is { } data ? $"certificate-authority-data: {data}" : $"certificate-authority: {cluster.CertificateAuthority}";
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts:
            - name: test
              context:
                cluster: test
                user: test
            clusters:
            - name: test
              cluster:
                server: {cluster.Server}
                {authority}
            users:
            - name: test
              user:
                {credential}
            """);
        return path;
    }
}
