using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Reporting;
using SysGenId.Operator.Node.Sources;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;
using NodeOptions = SysGenId.Operator.Node.NodeOptions;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>An agent in this process that takes another of its name for gone after seconds, not minutes.</summary>
internal sealed class ImpatientAgent : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeReporter _reporter;
    private readonly Task _agent;
    private readonly Task _reporting;

    private ImpatientAgent(TestCluster cluster, string name, TaskCompletionSource started)
    {
        var options = new NodeOptions
        {
            Socket = _directory.File("run/node.sock"),
            StateDirectory = _directory.File("state"),
            NodeName = name,
            CriuConfiguration = _directory.File("criu.conf"),
            Criu = "/nonexistent/criu",
            Sources = new SourceOptions { KernelLog = null, VmClock = null, Device = null },
        };
        var port = new NodePort();
        var pods = new PodDirectory();
        var agent = new NodeAgent(options, new NodeSurroundings { Port = port, PodNames = pods, HasCluster = true }, TimeProvider.System, NullLogger.Instance);
        _reporter = new NodeReporter(
            cluster.Admin, name, port, pods, new UncountedRounds(), TimeProvider.System, Random.Shared, NullLogger.Instance, lineage: Hurried);
        _agent = Task.Factory.StartNew(
            () => agent.Run(started.SetResult, _stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _reporting = Task.Run(() => _reporter.RunAsync(_stop.Token));
    }

    /// <summary>Quiet is several of the longest rounds: a wait, and the pace of the status.</summary>
    public static LineageOptions Hurried { get; } = new()
    {
        FirstWait = TimeSpan.FromMilliseconds(100),
        LongestWait = TimeSpan.FromMilliseconds(500),
        Quiet = TimeSpan.FromSeconds(10),
    };

    public uint Generation => CounterPageFile.ReadGeneration(_directory.File("run/generation"));

    public bool? IsNodeUnique => _reporter.IsNodeUnique;

    public static async Task<ImpatientAgent> StartAsync(TestCluster cluster, string name)
    {
        await cluster.NodeAsync(name);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var agent = new ImpatientAgent(cluster, name, started);
        await (await Task.WhenAny(agent._agent, started.Task));
        return agent;
    }

    public async Task<uint> ForceAsync(uint minimum)
    {
        using var client = JsonLineClient.Connect(_directory.File("run/node.sock"));
        return (await client.AskAsync(new { op = "force", minimumGeneration = minimum })).GetProperty("generation").GetUInt32();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_agent, _reporting);
        _stop.Dispose();
        _directory.Dispose();
    }

    private sealed class UncountedRounds : IReconcileMetrics
    {
        public void Reconciled(string loop, ReconcileResult result)
        {
        }
    }
}
