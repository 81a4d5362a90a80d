using Prometheus;
using SysGenId.Operator.Node;

namespace SysGenId.Operator.Observability;

/// <summary>
/// Asks the agent at every scrape. While its loop does not answer, these gauges are absent: old values would say that
/// all is well. The counters, which need no loop, are served all the same.
/// </summary>
internal sealed class NodeGaugeCollector
{
    private readonly LoopQuestion _loop;
    private readonly Gauge _generation;
    private readonly Gauge _sidecars;
    private readonly Gauge _gateProven;
    private readonly Gauge _stateWritable;
    private readonly Gauge _nodeUnique;
    private readonly Gauge _sourceActive;
    private readonly Gauge _watchers;
    private readonly Gauge _outdated;

    public NodeGaugeCollector(MetricSet metrics, LoopQuestion loop)
    {
        _loop = loop;
        _generation = metrics.Gauge(MetricNames.Generation, "The node's system generation.");
        _sidecars = metrics.Gauge(MetricNames.Sidecars, "Sidecars connected to the agent.");
        _gateProven = metrics.Gauge(MetricNames.GateProven, "1 while a checkpoint and restore of the agent's own is known to reach it, else 0.");
        _stateWritable = metrics.Gauge(MetricNames.StateWritable, "1 if the last attempt to store the agent's state succeeded, else 0.");
        _nodeUnique = metrics.Gauge(MetricNames.NodeUnique, "1 while nobody else reports as this node, else 0; absent on a plain host.");
        _sourceActive = metrics.Gauge(MetricNames.SourceActive, "1 while the events of a source are noticed, else 0.", "source");
        _watchers = metrics.Gauge(MetricNames.Watchers, "Watchers of the node's pods, by namespace.", "namespace");
        _outdated = metrics.Gauge(
            MetricNames.OutdatedWatchers, "Watchers that have not acknowledged the current generation, by namespace.", "namespace");
        metrics.Registry.AddBeforeCollectCallback(CollectAsync);
    }

    private async Task CollectAsync(CancellationToken cancellation)
    {
        if (await _loop.AskAsync(cancellation).ConfigureAwait(false) is { } gauges) Show(gauges);
        else Hide();
    }

    private void Show(NodeGauges gauges)
    {
        _generation.Set(gauges.Generation);
        _sidecars.Set(gauges.Sidecars);
        _gateProven.Set(gauges.IsGateProven ? 1 : 0);
        _stateWritable.Set(gauges.IsStateWritable ? 1 : 0);
        if (gauges.IsNodeUnique is { } isUnique) _nodeUnique.Set(isUnique ? 1 : 0);
        else _nodeUnique.Unpublish();
        foreach (var (name, isActive) in gauges.Sources) _sourceActive.WithLabels(name).Set(isActive ? 1 : 0);
        foreach (var (name, counts) in gauges.Watchers)
        {
            _watchers.WithLabels(name).Set(counts.Watchers);
            _outdated.WithLabels(name).Set(counts.Outdated);
        }

        RemoveNamespaces(name => !gauges.Watchers.ContainsKey(name));
    }

    private void Hide()
    {
        foreach (var gauge in new[] { _generation, _sidecars, _gateProven, _stateWritable, _nodeUnique }) gauge.Unpublish();
        foreach (var labels in _sourceActive.GetAllLabelValues().ToList()) _sourceActive.RemoveLabelled(labels);
        RemoveNamespaces(_ => true);
    }

    // A namespace that left the node must not stay behind as a series for ever.
    private void RemoveNamespaces(Func<string, bool> isGone)
    {
        foreach (var gauge in new[] { _watchers, _outdated })
        {
            foreach (var labels in gauge.GetAllLabelValues().Where(labels => isGone(labels[0])).ToList()) gauge.RemoveLabelled(labels);
        }
    }
}
