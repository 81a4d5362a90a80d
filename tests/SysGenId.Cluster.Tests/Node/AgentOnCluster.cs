using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>The agent as it is shipped, in cluster mode, with directories of its own. There is no CRIU for it.</summary>
internal sealed class AgentOnCluster : IAsyncDisposable
{
    private const string NoCriu = "/nonexistent/criu";

    private readonly TemporaryDirectory _directory = new();
    private readonly TestCluster _cluster;
    private readonly string _kubeconfig;
    private readonly string[] _arguments;
    private readonly HttpClient _http = new();
    private ChildProcess? _process;

    private AgentOnCluster(TestCluster cluster, string name, string kubeconfig, string[] arguments)
    {
        (_cluster, Name, _kubeconfig, _arguments) = (cluster, name, kubeconfig, arguments);
        Endpoint = new IPEndPoint(IPAddress.Loopback, FreePort());
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    public IPEndPoint Endpoint { get; }

    public string Socket => _directory.File("run/node.sock");

    public string RunDirectory => _directory.File("run");

    public string StateDirectory => _directory.File("state");

    public uint Generation => CounterPageFile.ReadGeneration(_directory.File("run/generation"));

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The agent was never started.");

    /// <summary>What it printed: its log.</summary>
    public string Log => Process.Output;

    /// <summary>Makes the node in the cluster, unless it is there, and starts an agent that serves.</summary>
    public static async Task<AgentOnCluster> StartAsync(TestCluster cluster, string name, params string[] arguments)
    {
        await cluster.NodeAsync(name);
        return await StartWithAsync(cluster, name, cluster.Kubeconfig, arguments);
    }

    /// <summary>Starts an agent with a kubeconfig of its own, for a node that need not be there.</summary>
    public static async Task<AgentOnCluster> StartWithAsync(TestCluster cluster, string name, string kubeconfig, params string[] arguments)
    {
        Requires.PublishedPrograms();
        var agent = new AgentOnCluster(cluster, name, kubeconfig, arguments);
        await agent.StartAgainAsync();
        return agent;
    }

    /// <summary>Starts another of the same name on a copy of the disk of one that has ended.</summary>
    public static async Task<AgentOnCluster> StartCloneAsync(TestCluster cluster, AgentOnCluster original)
    {
        var agent = new AgentOnCluster(cluster, original.Name, original._kubeconfig, original._arguments);
        Directory.CreateDirectory(agent.StateDirectory);
        foreach (var path in Directory.EnumerateFiles(original.StateDirectory)) File.Copy(path, Path.Combine(agent.StateDirectory, Path.GetFileName(path)));
        await agent.StartAgainAsync();
        return agent;
    }

    /// <summary>Starts it on what it left.</summary>
    public async Task StartAgainAsync()
    {
        _process = ChildProcess.Start(ToolPaths.Operator, [
            "node", "--kubeconfig", _kubeconfig, "--node-name", Name, "--socket", Socket, "--state-dir", StateDirectory,
            "--criu-config", _directory.File("criu.conf"), "--criu", NoCriu, "--http-address", $"{Endpoint}", .. NoMachineSources.Arguments, .. _arguments]);
        await Eventually.HoldsAsync(async () => Process.HasExited ? throw new InvalidOperationException(Process.Evidence) : await AnswersAsync(), what: "the agent answers on its socket");
    }

    /// <summary>Ends it, and takes away all that its node keeps of it.</summary>
    public async Task LoseStateAsync()
    {
        await Process.KillAsync();
        Directory.Delete(RunDirectory, recursive: true);
        Directory.Delete(StateDirectory, recursive: true);
    }

    public async Task<JsonElement> AskAsync(object request)
    {
        using var client = JsonLineClient.Connect(Socket);
        return await client.AskAsync(request);
    }

    public async Task<uint> ForceAsync(uint minimum = 0) => (await AskAsync(new { op = "force", minimumGeneration = minimum })).GetProperty("generation").GetUInt32();

    /// <summary>Its object; null when it is not there, or the server cannot be asked just now.</summary>
    public async Task<SystemGeneration?> ObjectAsync()
    {
        try
        {
            return await _cluster.Admin.SendAsync<SystemGeneration>(
                HttpMethod.Get, ResourceAddress.Object<SystemGeneration>(null, Name), null, TestContext.Current.CancellationToken);
        }
        catch (Exception refusal) when (refusal is HttpRequestException or HttpOperationException { Response.StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>Waits until its object is so, and returns it.</summary>
    public async Task<SystemGeneration> ObjectAsync(Func<SystemGeneration, bool> isSo, string what, TimeSpan? within = null)
    {
        SystemGeneration? present = null;
        try
        {
            await Eventually.HoldsAsync(async () => (present = await ObjectAsync()) is not null && isSo(present), within, what);
        }
        catch (TimeoutException mistake)
        {
            throw new TimeoutException($"{mistake.Message}\n{(present is null ? "no object" : KubernetesJson.Serialize(present))}\n{Process.Evidence}");
        }

        return present!;
    }

    /// <summary>Waits until the object shows this generation.</summary>
    public Task<SystemGeneration> ReportsAsync(uint generation, TimeSpan? within = null) =>
        ObjectAsync(present => present.Status?.Generation == generation, $"the object of {Name} shows generation {generation}", within);

    /// <summary>As <c>kubectl patch --type merge</c>.</summary>
    public Task PatchAsync(string merge) => _cluster.Admin.SendAsync<SystemGeneration>(
        HttpMethod.Patch, ResourceAddress.Object<SystemGeneration>(null, Name), new V1Patch(merge, V1Patch.PatchType.MergePatch), TestContext.Current.CancellationToken);

    public Task DeleteObjectAsync() => _cluster.Admin.SendAsync<V1Status>(
        HttpMethod.Delete, ResourceAddress.Object<SystemGeneration>(null, Name), null, TestContext.Current.CancellationToken);

    /// <summary>Waits for an Event of that reason about an object of that kind and name.</summary>
    public async Task<Corev1Event> EventAsync(string reason, string kind, string name)
    {
        Corev1Event? found = null;
        await Eventually.HoldsAsync(
            async () => (found = (await _cluster.Admin.CoreV1.ListEventForAllNamespacesAsync()).Items
                .FirstOrDefault(item => item.Reason == reason && item.InvolvedObject.Kind == kind && item.InvolvedObject.Name == name)) is not null,
            what: $"there is an Event {reason} on {kind} {name}");
        return found!;
    }

    /// <summary>The value of a metric; 0 while it is not shown.</summary>
    public async Task<double> MetricAsync(string series)
    {
        var line = (await MetricsAsync()).Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>All metrics, as they are scraped.</summary>
    public Task<string> MetricsAsync() => _http.GetStringAsync(new Uri($"http://{Endpoint}/metrics"), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed) TestContext.Current.TestOutputHelper?.WriteLine(_process.Evidence);
            await _process.DisposeAsync();
        }

        _http.Dispose();
        _directory.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await AskAsync(new { op = "status" })).GetProperty("ok").GetBoolean();
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
