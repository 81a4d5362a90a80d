using Prometheus;
using SysGenId.Operator.Control.Admission;

namespace SysGenId.Operator.Observability;

/// <summary>Counts what the webhook decided, and how long it took.</summary>
internal sealed class AdmissionMetrics : IAdmissionMetrics
{
    // Around the 10 ms it may take, up to the API server's longest patience.
    private static readonly double[] _buckets = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Counter _decisions;
    private readonly Histogram _durations;

    public AdmissionMetrics(MetricSet metrics)
    {
        _decisions = metrics.Counter(MetricNames.WebhookDecisions, "Pods the injection webhook decided on, by decision and reason.", "decision", "reason");
        _durations = metrics.Histogram(
            MetricNames.WebhookDuration, "Time from the arrival of an admission request to its answer.", _buckets);
    }

    public void Decided(string decision, string reason, TimeSpan elapsed)
    {
        _decisions.WithLabels(decision, reason).Inc();
        _durations.Observe(elapsed.TotalSeconds);
    }
}
