namespace SysGenId.Chart.Tests.Cluster;

/// <summary>One cluster for the tests of a class; a fixture cannot skip a test, so it is started by the first that asks.</summary>
public class ChartClusterFixture : IAsyncLifetime
{
    private readonly Lazy<Task<ChartCluster>> _cluster;

    public ChartClusterFixture() => _cluster = new Lazy<Task<ChartCluster>>(PrepareAsync);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await _cluster.Value).DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal Task<ChartCluster> ClusterAsync() => _cluster.Value;

    private protected virtual Task<ChartCluster> PrepareAsync() => ChartCluster.StartAsync();
}
