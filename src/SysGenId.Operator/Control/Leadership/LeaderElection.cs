using k8s;
using k8s.LeaderElection;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Control.Leadership;

/// <summary>
/// Has one of several replicas work at a time. A term begins when the Lease is ours and ends with the first of: it was not
/// renewed for <see cref="LeadershipOptions.RenewDeadline"/>, the work ended, we are to stop. The Lease is given up, or
/// stood for again, only once the work of the last term has ended.
/// </summary>
internal sealed class LeaderElection
{
    // Of the time between two looks: the shortest lease has a short one.
    private const int FirstWaitPart = 4;

    /// <summary>How long giving the Lease up may take; after it others wait for its end.</summary>
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(3);

    private readonly IKubernetes _cluster;
    private readonly LeadershipOptions _options;
    private readonly LeaderTerm _term;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly BackOff _backOff;
    private string? _fault;

    /// <param name="cluster">For the Lease; must not pass the <see cref="LeaderFence"/>.</param>
    /// <param name="options">Checked ones.</param>
    /// <param name="term">Is held while the work may write.</param>
    /// <param name="clock">The machine's: the elector knows no other.</param>
    /// <param name="chance">Where chance comes from.</param>
    /// <param name="log">Where terms are told.</param>
    public LeaderElection(IKubernetes cluster, LeadershipOptions options, LeaderTerm term, TimeProvider clock, Random chance, ILogger log)
    {
        (_cluster, _options, _term, _clock, _log) = (cluster, options, term, clock, log);
        _backOff = new BackOff(options.RetryPeriod / FirstWaitPart, options.RetryPeriod, clock, chance);
    }

    /// <summary>Runs until cancelled; then the work has ended and the Lease is given up.</summary>
    /// <param name="lead">The leader's work; ends when its token is cancelled.</param>
    /// <param name="cancellation">Ends it all.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await StandAsync(lead, cancellation).ConfigureAwait(false);
            await _backOff.WaitAsync(null, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits for the Lease, works while it is ours, gives it up.</summary>
    private async Task StandAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var term = end.Token;
        var held = new LeaderLock(_cluster, _options.Namespace, _options.Lease, _options.Identity, _clock, failure => Failed(failure, term));
        using var elector = new LeaderElector(new LeaderElectionConfig(held)
        {
            LeaseDuration = _options.LeaseDuration,
            RenewDeadline = _options.RenewDeadline,
            RetryPeriod = _options.RetryPeriod,
        });
        Task? work = null;
        elector.OnStartedLeading += () => work = LeadAsync(held, lead, end, cancellation);
        elector.OnNewLeader += leader => Told(leader);
        elector.OnError += failure => Failed(failure, term);
        try
        {
            await elector.RunUntilLeadershipLostAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The term is over, or we are to stop.
        }
#pragma warning disable CA1031 // Whatever the elector stumbles over: it is tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure, term);
        }

        await end.CancelAsync().ConfigureAwait(false);
        if (work is null) return;
        await work.ConfigureAwait(false);
        _term.End();
        await ReleaseAsync().ConfigureAwait(false);
    }

    private async Task LeadAsync(LeaderLock held, Func<CancellationToken, Task> lead, CancellationTokenSource end, CancellationToken stop)
    {
        _term.Begin(held);
        _backOff.Reset();
        _fault = null;
        _log.Leading(_options.Identity);
        var watchdog = EndInTimeAsync(end);
        try
        {
            // Not on the elector's stack: it has a Lease to renew.
            await Task.Run(() => lead(end.Token), CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // As asked.
        }
#pragma warning disable CA1031 // A bug in the work must not leave the Lease with a replica that does none.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.WorkFailed(failure);
        }

        _log.NotLeading(stop.IsCancellationRequested ? "this replica stops" : _term.IsHeld ? "the work ended" : "the lease was not renewed in time");
        await end.CancelAsync().ConfigureAwait(false);
        await watchdog.ConfigureAwait(false);
    }

    /// <summary>Ends the term when it is no longer held, sooner than the elector would: it counts from later, and waits for its request.</summary>
    private async Task EndInTimeAsync(CancellationTokenSource end)
    {
        while (!end.IsCancellationRequested && _term.IsHeld)
            await Task.Delay(_term.Left, _clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end.CancelAsync().ConfigureAwait(false);
    }

    private async Task ReleaseAsync()
    {
        using var timeout = new CancellationTokenSource(ReleaseTimeout, _clock);
        for (var isSettled = false; !isSettled;)
        {
            try
            {
                if (await TryReleaseAsync(timeout.Token).ConfigureAwait(false)) _log.Released(Name);
                isSettled = true;
            }
            catch (Exception failure) when (ApiFault.Of(failure, CancellationToken.None) is { } fault)
            {
                // A last renewal may still have been on its way.
                isSettled = !fault.IsConflict || timeout.IsCancellationRequested;
                if (isSettled) _log.LeaseFailed(Name, $"It could not be released, others wait for its end. {fault.Message}");
            }
        }
    }

    private async Task<bool> TryReleaseAsync(CancellationToken cancellation)
    {
        var leases = _cluster.CoordinationV1;
        var lease = await leases.ReadNamespacedLeaseAsync(_options.Lease, _options.Namespace, cancellationToken: cancellation).ConfigureAwait(false);
        if (lease.Spec?.HolderIdentity != _options.Identity) return false;
        lease.Spec.HolderIdentity = "";
        lease.Spec.LeaseDurationSeconds = 1;
        lease.Spec.RenewTime = _clock.GetUtcNow().UtcDateTime;
        await leases.ReplaceNamespacedLeaseAsync(lease, _options.Lease, _options.Namespace, cancellationToken: cancellation).ConfigureAwait(false);
        return true;
    }

    private string Name => $"{_options.Namespace}/{_options.Lease}";

    private void Told(string leader)
    {
        if (leader.Length > 0) _log.NewLeader(leader);
    }

    /// <summary>Tells a fault when it is another than the last: it is tried again every few seconds.</summary>
    private void Failed(Exception failure, CancellationToken cancellation)
    {
        // A Lease that is not there is created in the same breath, and where two write one is second.
        var fault = ApiFault.Of(failure, cancellation);
        if (cancellation.IsCancellationRequested || fault is { IsNotFound: true } or { IsConflict: true }) return;
        var reason = fault?.Message ?? failure.Message;
        if (reason == _fault) return;
        _fault = reason;
        _log.LeaseFailed(Name, reason);
    }
}
