using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Transport;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Reporting;
using SysGenId.Operator.Node.Sidecars;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.State;

namespace SysGenId.ClusterLoad;

/// <summary>
/// A node as its reporter sees it: number, page, journal and port are the agent's own; the loop and the gate are shared by all
/// nodes, and nothing is stored.
/// </summary>
internal sealed class SimulatedNode : IDisposable
{
    private readonly EventLoop _loop;
    private readonly CounterPageWriter _page;
    private readonly SidecarDirectory _sidecars;
    private readonly GenerationPublisher _publisher;
    private readonly NodePort _port = new();
    private int _restores;

    public SimulatedNode(string name, string page, EventLoop loop, GateKeeper gate, StateWriter writer, ClusterConnection cluster, IReconcileMetrics metrics)
    {
        (_loop, _page) = (loop, CounterPageWriter.Open(page));
        var options = new NodeOptions { NodeName = name };
        var journal = new NodeJournal(SilentNodeMetrics.Instance);
        var node = new NodeGeneration(GenerationChange.Draft(GenerationCause.None, TimeProvider.System), uint.MaxValue, []);
        _publisher = new GenerationPublisher(loop, node, _page, writer, TimeProvider.System, "", new SourceMarks(null), options.MaximumJump, journal, NullLogger.Instance);
        _sidecars = new SidecarDirectory(new Delivery(node.Current, null));
        var sources = new EventSources(NullLogger.Instance, new CriuSource(gate));
        var bumps = new NodeWideBumps(_publisher, _sidecars);
        _port.Open(loop, new NodeDesk(loop, _port, _publisher, bumps, _sidecars, gate, sources, new NodeSettings(options), journal, options, NullLogger.Instance));
        Name = name;
        Reporter = new NodeReporter(cluster, name, _port, new PodDirectory(), metrics, TimeProvider.System, Random.Shared, NullLogger.Instance);
    }

    public string Name { get; }

    public NodeReporter Reporter { get; }

    /// <summary>A container of some pod is restored.</summary>
    public void Restore() => _loop.Post(() =>
    {
        var draft = _publisher.Draft(GenerationCause.ContainerRestored) with { Pod = $"pod-{_restores % 30}", Container = $"container-{_restores++}" };
        if (_publisher.TryBump(draft, out _) is { } change) _sidecars.DeliverToAll(change, [], null);
    });

    public async Task<uint> GenerationAsync() => (await _port.LookAsync(CancellationToken.None)).Current.Generation;

    public void Dispose() => _page.Dispose();
}
