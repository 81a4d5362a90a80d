using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>
/// One cluster for the tests of a class (<c>IClassFixture&lt;ClusterFixture&gt;</c>). Derive from it, with other options, for a
/// class that needs flags, faults or an audit log. Tests share it: each uses names of its own.
/// </summary>
public class ClusterFixture : IAsyncLifetime
{
    private readonly TestClusterOptions _options;
    private TestCluster? _cluster;

    public ClusterFixture()
        : this(new TestClusterOptions())
    {
    }

    private protected ClusterFixture(TestClusterOptions options)
    {
        _options = options;
    }

    /// <summary>The cluster. The test that asks is skipped, with the reason, where there is none.</summary>
    internal TestCluster Cluster => _cluster ?? throw Skipped();

    /// <summary>Whether there is one.</summary>
    private protected bool IsStarted => _cluster is not null;

    /// <summary>Nothing happens where there is no cluster: a fixture cannot skip, the tests do.</summary>
    public virtual async ValueTask InitializeAsync()
    {
        if (TestCluster.AbsenceFor(_options) is null) _cluster = await TestCluster.StartAsync(_options);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private InvalidOperationException Skipped()
    {
        Requires.Cluster(TestCluster.AbsenceFor(_options));
        return new InvalidOperationException("The cluster was not started.");
    }
}
