using SysGenId.Chart.Tests.Rendering;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Clusters;

namespace SysGenId.Chart.Tests.Cluster;

/// <summary>A throw-away API server, and helm and kubectl on it as its administrator.</summary>
internal sealed class ChartCluster : IAsyncDisposable
{
    private const string AuditLogName = "audit.log";

    private readonly ApiServerProcess _server;
    private readonly List<ImpersonatingProxy> _proxies = [];

    private ChartCluster(ApiServerProcess server, TemporaryDirectory files)
    {
        (_server, Files) = (server, files);
        Kubeconfig = Kubeconfig.Read(server.Kubeconfig);
    }

    public Kubeconfig Kubeconfig { get; }

    /// <summary>For files of the test.</summary>
    public TemporaryDirectory Files { get; }

    /// <summary>What was asked of the server; one JSON line a request.</summary>
    public string AuditLog => Files.File(AuditLogName);

    /// <summary>Starts it. The test is skipped where there is no such server: no chart is installed into a cluster that somebody uses.</summary>
    public static async Task<ChartCluster> StartAsync(params IEnumerable<string> flags)
    {
        Requires.ChartTools();
        Requires.Cluster(ApiServerProcess.Program is null ? "needs the test API server: name it in SYSGENID_TEST_APISERVER" : null);
        var files = TemporaryDirectory.OnDisk();
        return new ChartCluster(await ApiServerProcess.StartAsync([.. flags, "--audit-log", files.File(AuditLogName)]), files);
    }

    public Task<CommandResult> KubectlAsync(params IEnumerable<string> arguments) => KubectlAsAsync(Kubeconfig.File, arguments);

    /// <summary>kubectl with another kubeconfig: see <see cref="BecomeAsync"/>.</summary>
    public static Task<CommandResult> KubectlAsAsync(string kubeconfig, params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(Path.Join(ToolPaths.ChartTools, "kubectl"), ["--kubeconfig", kubeconfig, .. arguments]);

    public Task<CommandResult> HelmAsync(string version, params IEnumerable<string> arguments) =>
        Helm.RunAsync(version, ["--kubeconfig", Kubeconfig.File, "-n", ChartUnderTest.Namespace, .. arguments]);

    /// <summary>Applies YAML as <c>kubectl apply --server-side</c> does, unknown fields being errors.</summary>
    public async Task ApplyAsync(string yaml) => (await ApplyAsync(Kubeconfig.File, yaml)).OrThrow();

    /// <inheritdoc cref="ApplyAsync(string)"/>
    public async Task<CommandResult> ApplyAsync(string kubeconfig, string yaml, params string[] flags)
    {
        var file = Files.File($"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, yaml);
        return await KubectlAsAsync(kubeconfig, ["apply", "--server-side", "--validate=strict", "-f", file, .. flags]);
    }

    /// <summary>One field of an object, by JSON path.</summary>
    public async Task<string> FieldAsync(string resource, string name, string path) =>
        (await KubectlAsync("-n", ChartUnderTest.Namespace, "get", resource, name, "-o", $"jsonpath={path}")).OrThrow().Output.Trim();

    public async Task<bool> IsThereAsync(string resource, string name) =>
        (await KubectlAsync("-n", ChartUnderTest.Namespace, "get", resource, name)).ExitCode == 0;

    /// <summary>A way to the server on which a process is that identity.</summary>
    public async Task<ImpersonatingProxy> BecomeAsync(Identity identity)
    {
        var proxy = await ImpersonatingProxy.StartAsync(Kubeconfig, identity, Files);
        _proxies.Add(proxy);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies) await proxy.DisposeAsync();
        await _server.DisposeAsync();
        Files.Dispose();
        Kubeconfig.Authority.Dispose();
    }
}
