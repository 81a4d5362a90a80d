using System.Threading.Channels;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Control.Objects;

/// <summary>Watches the agents' DaemonSet, and the pods that its selector selects. Reading is thread-safe.</summary>
internal sealed class AgentPodsWatch
{
    private readonly ClusterConnection _cluster;
    private readonly string _namespace;
    private readonly TimeProvider _clock;
    private readonly Random _chance;
    private readonly ILogger _log;
    private readonly ObjectWatch<V1DaemonSet> _daemonSets;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile ObjectWatch<V1Pod>? _pods;

    public AgentPodsWatch(ClusterConnection cluster, string inNamespace, string daemonSet, TimeProvider clock, Random chance, ILogger log)
    {
        (_cluster, _namespace, _clock, _chance, _log) = (cluster, inNamespace, clock, chance, log);
        _daemonSets = new(cluster, new ObjectSelection { Namespace = inNamespace, Name = daemonSet }, clock, chance, log);
        _daemonSets.Changed += _ => _changes.Writer.TryWrite(true);
    }

    /// <summary>Raised after something changed.</summary>
    public event Action? Changed;

    /// <summary>The agents as they are now; null while that is not known.</summary>
    public AgentPods? Read()
    {
        if (!_daemonSets.IsSynced) return null;
        if (Selector() is null) return AgentPods.None;
        return _pods is { IsSynced: true } pods ? AgentPods.Of(pods.Objects.Values) : null;
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var daemonSets = _daemonSets.RunAsync(cancellation);
        try
        {
            await _daemonSets.Synced.WaitAsync(cancellation).ConfigureAwait(false);
            while (!cancellation.IsCancellationRequested) await FollowAsync(Selector(), cancellation).ConfigureAwait(false);
        }
        finally
        {
            await daemonSets.ConfigureAwait(false);
        }
    }

    private string? Selector() => _daemonSets.Objects.Values.FirstOrDefault()?.Spec?.Selector is { } selector ? LabelSelector.Of(selector) : null;

    /// <summary>Watches the pods of a selector until there is another one.</summary>
    private async Task FollowAsync(string? selector, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchAsync(selector, end.Token);
        try
        {
            do await _changes.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            while (Selector() == selector);
        }
        finally
        {
            _pods = null;
            await end.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(string? selector, CancellationToken cancellation)
    {
        Changed?.Invoke();
        if (selector is null) return;
        var pods = new ObjectWatch<V1Pod>(_cluster, new ObjectSelection { Namespace = _namespace, LabelSelector = selector }, _clock, _chance, _log);
        pods.Changed += _ => Changed?.Invoke();
        _pods = pods;
        var watching = pods.RunAsync(cancellation);

        // There may be none, and then nothing changes.
        await Task.WhenAny(pods.Synced, watching).ConfigureAwait(false);
        Changed?.Invoke();
        await watching.ConfigureAwait(false);
    }
}
