namespace SysGenId.Operator.Cluster;

/// <summary>Counts rounds of reconcile loops. Thread-safe.</summary>
internal interface IReconcileMetrics
{
    /// <param name="loop">The loop's stable name, such as <c>status</c> or <c>certificates</c>.</param>
    /// <param name="result">How the round ended.</param>
    void Reconciled(string loop, ReconcileResult result);
}
