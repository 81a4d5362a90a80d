using System.Buffers.Binary;
using System.Net.Sockets;
using k8s;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>A pod that the API server knows and that runs here: the sidecar as it is shipped, in a cgroup with the pod's UID.</summary>
internal sealed class PodOnCluster : IAsyncDisposable
{
    // Joins the cgroups and becomes the program.
    private const string EnterCgroups = """
        while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done
        shift
        exec "$@"
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly CgroupTree _cgroups = new();
    private readonly List<Socket> _watchers = [];
    private ChildProcess? _sidecar;

    private PodOnCluster(string name, string uid) => (Name, Pod) = (name, new PodUnderTest(_cgroups, uid));

    public string Name { get; }

    public PodUnderTest Pod { get; }

    public uint Generation => CounterPageFile.ReadGeneration(_directory.File("generation"));

    /// <summary>Makes the pod in the cluster and its sidecar here; returns when it is ready as a startup probe sees it, and the agent knows it.</summary>
    public static async Task<PodOnCluster> StartAsync(TestCluster cluster, AgentOnCluster agent, string name)
    {
        await cluster.ApplyAsync($"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: default}}, spec: {{nodeName: {agent.Name}, containers: [{{name: c, image: i}}]}}}}");
        var uid = (await cluster.Admin.CoreV1.ReadNamespacedPodAsync(name, "default", cancellationToken: TestContext.Current.CancellationToken)).Metadata.Uid;
        var pod = new PodOnCluster(name, uid);
        pod._sidecar = ChildProcess.Start("sh", [
            "-c", EnterCgroups, "sh", .. pod.Pod.EntrancesOf("sysgenid"), "--",
            "unshare", "-m", ToolPaths.Sidecar, "--dir", pod._directory.Path, "--agent", agent.Socket]);
        (await ChildProcess.RunAsync(ToolPaths.Sidecar, "ready", "--dir", pod._directory.Path, "--wait", "20")).OrThrow();
        await Eventually.HoldsAsync(
            async () => (await agent.AskAsync(new { op = "status" })).GetProperty("sidecars").EnumerateArray().Any(sidecar => sidecar.GetProperty("name").GetString() == uid),
            what: $"the agent knows the sidecar of {name}");
        return pod;
    }

    /// <summary>Opens a watcher; it is up to date.</summary>
    public async Task<Socket> WatchAsync()
    {
        var watcher = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _watchers.Add(watcher);
        await watcher.ConnectAsync(new UnixDomainSocketEndPoint(_directory.File("watch.sock")));
        await ReadAsync(watcher);
        return watcher;
    }

    /// <summary>The next word of a watcher's socket: a generation.</summary>
    public static async Task<uint> ReadAsync(Socket watcher)
    {
        var word = new byte[4];
        using var patience = new CancellationTokenSource(Eventually.Patience, TimeProvider.System);
        for (var length = 0; length < word.Length;)
        {
            var count = await watcher.ReceiveAsync(word.AsMemory(length), patience.Token);
            length += count > 0 ? count : throw new EndOfStreamException();
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    /// <summary>Says that a generation was handled.</summary>
    public static async Task AcknowledgeAsync(Socket watcher, uint generation)
    {
        var word = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(word, generation);
        await watcher.SendAsync(word);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watcher in _watchers) watcher.Dispose();
        if (_sidecar is not null) await _sidecar.DisposeAsync();
        await _cgroups.DisposeAsync();
        _directory.Dispose();
    }
}
