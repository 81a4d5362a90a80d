using System.Net;
using k8s;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>A node with real CRIU, runtimes and cgroups, whose agent is in cluster mode and installs its hook itself.</summary>
internal sealed class NodeInCluster : IAsyncDisposable
{
    private readonly TestCluster _cluster;
    private readonly HttpClient _http = new();
    private readonly IPEndPoint _endpoint;

    private NodeInCluster(TestCluster cluster, string name, IPEndPoint endpoint, NodeUnderTest node)
    {
        (_cluster, Name, _endpoint, Node) = (cluster, name, endpoint, node);
    }

    public string Name { get; }

    public NodeUnderTest Node { get; }

    public CheckpointNamespace Namespace => Node.Namespace;

    public string CriuConfiguration => Namespace.ReadCriuConfig("default.conf");

    /// <summary>Returns when the agent's gate is proven.</summary>
    public static async Task<NodeInCluster> StartAsync(TestCluster cluster, string name)
    {
        await cluster.NodeAsync(name);
        var created = await CheckpointNamespace.CreateAsync();
        var endpoint = new IPEndPoint(IPAddress.Loopback, FreePort.Take());
        var node = await NodeUnderTest.StartAsync(created, new NodeOptions
        {
            WithHook = false,
            AgentInstallsHook = true,
            Mode = ["--kubeconfig", cluster.Kubeconfig, "--node-name", name, "--http-address", $"{endpoint}"],
        });
        var started = new NodeInCluster(cluster, name, endpoint, node);
        await started.ObjectAsync(present => present.Is(ConditionTypes.GateProven), "the gate is proven");
        return started;
    }

    /// <summary>A pod that the API server knows, with its cgroups here and its sidecar in them.</summary>
    public async Task<(PodUnderTest Pod, SidecarUnderTest Sidecar)> PodAsync(string name)
    {
        await _cluster.ApplyAsync($"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: default}}, spec: {{nodeName: {Name}, containers: [{{name: c, image: i}}]}}}}");
        var uid = (await _cluster.Admin.CoreV1.ReadNamespacedPodAsync(name, "default", cancellationToken: TestContext.Current.CancellationToken)).Metadata.Uid;
        var pod = Namespace.CreatePod(uid);
        return (pod, await SidecarUnderTest.StartContainedAsync(Node, pod));
    }

    /// <summary>Waits until the node's object is so, and returns it.</summary>
    public async Task<SystemGeneration> ObjectAsync(Func<SystemGeneration, bool> isSo, string what)
    {
        SystemGeneration? present = null;
        try
        {
            await Eventually.HoldsAsync(async () => (present = await ObjectAsync()) is not null && isSo(present), what: what);
        }
        catch (TimeoutException mistake)
        {
            throw new TimeoutException($"{mistake.Message}\n{(present is null ? "no object" : KubernetesJson.Serialize(present))}\n{Node.Process.Evidence}");
        }

        return present!;
    }

    /// <summary>Whether the node says that its gate is proven.</summary>
    public async Task<bool> HasLabelAsync() =>
        (await _cluster.Admin.CoreV1.ReadNodeAsync(Name, cancellationToken: TestContext.Current.CancellationToken)).Metadata.Labels?.TryGetValue(ApiNames.GateLabel, out var value) == true
        && value == ApiNames.GateProven;

    public Task AnnotateAsync(string? value) => _cluster.Admin.SendAsync<SystemGeneration>(
        HttpMethod.Patch,
        ResourceAddress.Object<SystemGeneration>(null, Name),
        new V1Patch($"{{\"metadata\":{{\"annotations\":{{\"{ApiNames.UninstallAnnotation}\":{(value is null ? "null" : $"\"{value}\"")}}}}}}}", V1Patch.PatchType.MergePatch),
        TestContext.Current.CancellationToken);

    /// <summary>An Event of that reason about an object of that kind and name.</summary>
    public async Task<Corev1Event> EventAsync(string reason, string kind, string name)
    {
        Corev1Event? found = null;
        await Eventually.HoldsAsync(
            async () => (found = (await _cluster.Admin.CoreV1.ListEventForAllNamespacesAsync(cancellationToken: TestContext.Current.CancellationToken)).Items
                .FirstOrDefault(item => item.Reason == reason && item.InvolvedObject.Kind == kind && item.InvolvedObject.Name == name)) is not null,
            what: $"there is an Event {reason} on {kind} {name}");
        return found!;
    }

    /// <summary>All metrics by series.</summary>
    public async Task<Dictionary<string, string>> MetricsAsync()
    {
        var text = await _http.GetStringAsync(new Uri($"http://{_endpoint}/metrics"), TestContext.Current.CancellationToken);
        return text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ', 2)).ToDictionary(line => line[0], line => line[1]);
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed) TestContext.Current.TestOutputHelper?.WriteLine(Namespace.Evidence);
        await Node.DisposeAsync();
        await Namespace.DisposeAsync();
        _http.Dispose();
    }

    private async Task<SystemGeneration?> ObjectAsync()
    {
        try
        {
            return await _cluster.Admin.SendAsync<SystemGeneration>(
                HttpMethod.Get, ResourceAddress.Object<SystemGeneration>(null, Name), null, TestContext.Current.CancellationToken);
        }
        catch (k8s.Autorest.HttpOperationException refusal) when (refusal.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
