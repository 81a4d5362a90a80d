using Prometheus;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Observability;

/// <summary>Counts the rounds of reconcile loops.</summary>
internal sealed class ReconcileMetrics(MetricSet metrics) : IReconcileMetrics
{
    private readonly Counter _rounds = metrics.Counter(MetricNames.Reconciles, "Rounds of reconcile loops, by loop and result.", "loop", "result");

    public void Reconciled(string loop, ReconcileResult result) => _rounds.WithLabels(loop, Label(result)).Inc();

    private static string Label(ReconcileResult result) => result switch
    {
        ReconcileResult.Unchanged => "unchanged",
        ReconcileResult.Changed => "changed",
        ReconcileResult.Conflict => "conflict",
        ReconcileResult.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };
}
