using Prometheus;
using SysGenId.Operator.Control;

namespace SysGenId.Operator.Observability;

/// <summary>Takes the controller's gauges at every scrape.</summary>
internal sealed class ControllerGaugeCollector
{
    private readonly IControllerGauges _controller;
    private readonly Gauge _leader;
    private readonly Gauge _nodes;
    private readonly Gauge _watchers;
    private readonly Gauge _outdated;
    private readonly Gauge _expiry;

    public ControllerGaugeCollector(MetricSet metrics, IControllerGauges controller)
    {
        _controller = controller;
        _leader = metrics.Gauge(MetricNames.Leader, "1 if this replica holds the lease, else 0.");
        _nodes = metrics.Gauge(MetricNames.Nodes, "SystemGenerations by the status of their condition AgentReady: true, false or unknown.", "ready");
        _watchers = metrics.Gauge(MetricNames.ClusterWatchers, "Watchers of all nodes, as last reported.");
        _outdated = metrics.Gauge(
            MetricNames.ClusterOutdatedWatchers, "Watchers of all nodes that have not acknowledged their generation, as last reported.");
        _expiry = metrics.Gauge(
            MetricNames.CertificateExpiry, "When the webhook's serving certificate ends, in seconds since 1970; absent while there is none.");
        metrics.Registry.AddBeforeCollectCallback(Collect);
    }

    private void Collect()
    {
        var gauges = _controller.Read();
        _leader.Set(gauges.IsLeader ? 1 : 0);
        _nodes.WithLabels("true").Set(gauges.NodesReady);
        _nodes.WithLabels("false").Set(gauges.NodesNotReady);
        _nodes.WithLabels("unknown").Set(gauges.NodesUnknown);
        _watchers.Set(gauges.Watchers);
        _outdated.Set(gauges.OutdatedWatchers);
        if (gauges.CertificateExpiry is { } expiry) _expiry.Set(expiry.ToUnixTimeMilliseconds() / 1000.0);
        else _expiry.Unpublish();
    }
}
