using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Core.Transport;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.State;

namespace SysGenId.ClusterLoad;

/// <summary>All simulated nodes, and their reporters while they run.</summary>
internal sealed class Fleet : IDisposable
{
    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly GateKeeper _gate;
    private readonly StateWriter _writer;
    private readonly List<SimulatedNode> _nodes;
    private readonly CancellationTokenSource _end = new();
    private List<Task> _running = [];
    private Thread? _thread;

    public Fleet(string directory, IReadOnlyList<string> names, IReadOnlyList<ClusterConnection> connections)
    {
        // Neither is started: what is measured is the traffic to the API server.
        _writer = new StateWriter(new StateFile(directory), (_, _) => { });
        _gate = new GateKeeper(_loop, new NodeOptions(), HookOrder.Leave, NullLogger.Instance);
        _nodes = [.. names.Select((name, index) => new SimulatedNode(
            name, Path.Combine(directory, name), _loop, _gate, _writer, connections[index % connections.Count], UncountedRounds.Instance))];
    }

    public void Start()
    {
        _thread = new Thread(_loop.Run) { IsBackground = true, Name = "loop" };
        _thread.Start();
        _running = [.. _nodes.Select(node => Task.Run(() => node.Reporter.RunAsync(_end.Token)))];
    }

    /// <summary>Restores so many containers a second on every node.</summary>
    /// <returns>How many it were.</returns>
    public async Task<int> StormAsync(int rate, TimeSpan duration)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate), TimeProvider.System);
        var start = TimeProvider.System.GetTimestamp();
        var restores = 0;
        while (TimeProvider.System.GetElapsedTime(start) < duration && await pace.WaitForNextTickAsync())
        {
            foreach (var node in _nodes) node.Restore();
            restores += _nodes.Count;
        }

        return restores;
    }

    public async Task<IReadOnlyDictionary<string, uint>> GenerationsAsync()
    {
        var generations = await Task.WhenAll(_nodes.Select(node => node.GenerationAsync()));
        return _nodes.Zip(generations).ToDictionary(entry => entry.First.Name, entry => entry.Second);
    }

    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_running);
        _loop.Stop();
        _thread?.Join();
    }

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
        _gate.Dispose();
        _writer.Dispose();
        _loop.Dispose();
        _end.Dispose();
    }
}
