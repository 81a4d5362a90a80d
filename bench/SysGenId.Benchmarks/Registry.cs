using BenchmarkDotNet.Attributes;
using SysGenId.Core.Watchers;

namespace SysGenId.Benchmarks;

/// <summary>The bookkeeping of a bump and of everybody's ack.</summary>
public class Registry
{
    private const int Watchers = 64;

    private readonly WatcherRegistry _registry = new(0);
    private readonly Watcher[] _watchers = new Watcher[Watchers];

    [GlobalSetup]
    public void Open()
    {
        for (var i = 0; i < Watchers; i++) _watchers[i] = _registry.Open();
    }

    [Benchmark(OperationsPerInvoke = Watchers)]
    public int BumpAndAckPerWatcher()
    {
        _registry.TryBump(0);
        var generation = _registry.Generation;
        foreach (var watcher in _watchers) _registry.Acknowledge(watcher, generation);
        return _registry.Counts.Outdated;
    }
}
