using SysGenId.Operator.Cluster;

namespace SysGenId.ClusterLoad;

/// <summary>The server's own audit log counts what matters here.</summary>
internal sealed class UncountedRounds : IReconcileMetrics
{
    public static readonly UncountedRounds Instance = new();

    public void Reconciled(string loop, ReconcileResult result)
    {
    }
}
