using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>A watch that runs until it is disposed, and all it raised.</summary>
internal sealed class RunningWatch<T> : IAsyncDisposable
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ObjectWatch<T> _watch;
    private readonly ConcurrentQueue<string> _changes = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public RunningWatch(ClusterConnection cluster, ObjectSelection? selection = null)
    {
        _watch = new ObjectWatch<T>(cluster, selection ?? new(), TimeProvider.System, new Random(1), NullLogger.Instance);
        _watch.Changed += change => _changes.Enqueue($"{change.Kind} {change.Key}");
        _running = _watch.RunAsync(_end.Token);
    }

    /// <summary>What was raised, as kind and key.</summary>
    public IReadOnlyList<string> Changes => [.. _changes];

    public IReadOnlyDictionary<string, T> Objects => _watch.Objects;

    public IReadOnlyList<string> Keys => [.. _watch.Objects.Keys.Order(StringComparer.Ordinal)];

    public bool IsSynced => _watch.IsSynced;

    public Task SyncedAsync() => _watch.Synced.WaitAsync(Eventually.Patience, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.WaitAsync(Eventually.Patience, TimeProvider.System);
        _end.Dispose();
    }
}
