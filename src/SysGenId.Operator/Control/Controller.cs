using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control.Certificates;
using SysGenId.Operator.Control.Leadership;
using SysGenId.Operator.Control.Objects;

namespace SysGenId.Operator.Control;

/// <summary>
/// One replica: follows the serving certificate always, and, while it leads, keeps SystemGenerations and certificates.
/// </summary>
internal sealed class Controller : IControllerGauges
{
    private readonly ControllerOptions _options;
    private readonly ClusterConnection _cluster;
    private readonly ClusterConnection _leading;
    private readonly LeaderTerm _term;
    private readonly ServingCertificate _serving;
    private readonly IReconcileMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private volatile ObjectKeeper? _objects;

    /// <param name="options">Checked ones.</param>
    /// <param name="cluster">For what every replica does.</param>
    /// <param name="leading">For what only the leader does: passes a <see cref="LeaderFence"/> of the same term.</param>
    /// <param name="term">Is held while this replica leads.</param>
    /// <param name="serving">Gets the certificate.</param>
    /// <param name="metrics">Counts rounds.</param>
    /// <param name="clock">The machine's.</param>
    /// <param name="log">Where all of it is told.</param>
    public Controller(
        ControllerOptions options,
        ClusterConnection cluster,
        ClusterConnection leading,
        LeaderTerm term,
        ServingCertificate serving,
        IReconcileMetrics metrics,
        TimeProvider clock,
        ILogger log)
    {
        (_options, _cluster, _leading, _term, _serving, _metrics, _clock, _log) = (options, cluster, leading, term, serving, metrics, clock, log);
    }

    public ControllerGauges Read()
    {
        var objects = (_objects?.Objects ?? []).ToList();
        var ready = objects.ToLookup(item => ObjectPlan.Condition(item)?.Status);
        return new ControllerGauges
        {
            IsLeader = _term.IsHeld,
            NodesReady = ready[AgentReadiness.True].Count(),
            NodesNotReady = ready[AgentReadiness.False].Count(),
            NodesUnknown = objects.Count - ready[AgentReadiness.True].Count() - ready[AgentReadiness.False].Count(),
            Watchers = objects.Sum(item => (long)(item.Status?.Watchers ?? 0)),
            OutdatedWatchers = objects.Sum(item => (long)(item.Status?.OutdatedWatchers ?? 0)),
            CertificateExpiry = _serving.NotAfter,
        };
    }

    /// <summary>Runs until cancelled; then nothing of it runs any more, and the Lease is given up.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var certificates = _options.Certificates;
        var store = certificates.IsManaged
            ? new CertificateStore(_cluster, certificates.Namespace, certificates.Secret, certificates.Host, _serving, _clock, Random.Shared, _log)
            : null;
        var following = store?.RunAsync(cancellation) ?? new CertificateDirectory(certificates.Source, _serving, _clock, _log).RunAsync(cancellation);
        var election = new LeaderElection(_cluster, _options.Leadership, _term, _clock, Random.Shared, _log);
        await Task.WhenAll(following, election.RunAsync(term => LeadAsync(store, term), cancellation)).ConfigureAwait(false);
    }

    /// <summary>The work of one term. Its watches begin and end with it: a replica that waits keeps no copy of the cluster.</summary>
    private async Task LeadAsync(CertificateStore? store, CancellationToken term)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(term);
        var objects = new ObjectKeeper(_leading, _options.Objects, _metrics, _clock, Random.Shared, _log);
        List<Task> work = [objects.RunAsync(end.Token)];
        if (store is not null)
            work.Add(new CertificateKeeper(_leading, _options.Certificates, store, _metrics, _clock, Random.Shared, _log).RunAsync(end.Token));
        _objects = objects;
        try
        {
            // The first to end has failed, or the term is over: then so is the rest.
            await Task.WhenAny(work).ConfigureAwait(false);
        }
        finally
        {
            _objects = null;
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(work).ConfigureAwait(false);
        }
    }
}
