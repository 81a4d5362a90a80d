using k8s;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using k8s.Models;

namespace SysGenId.Operator.Control.Leadership;

/// <summary>
/// The Lease as the elector sees it, with the moment noted from which on others count our term: that at which the last
/// successful renewal was sent. The elector itself counts from the answer, which may be late by as much as it waits. Thread-safe.
/// </summary>
internal sealed class LeaderLock(IKubernetes cluster, string inNamespace, string name, string identity, TimeProvider clock, Action<Exception> failed)
    : LeaseLock(cluster, inNamespace, name, identity)
{
    private const long Never = 0;
    private long _renewed = Never;

    /// <summary>Time since the last successful renewal was sent; <see cref="TimeSpan.MaxValue"/> when there was none.</summary>
    public TimeSpan SinceRenewal => Interlocked.Read(ref _renewed) is var renewed and not Never ? clock.GetElapsedTime(renewed) : TimeSpan.MaxValue;

    /// <summary>What somebody has emptied is read as released: the elector would try to create it for ever.</summary>
    protected override LeaderElectionRecord GetLeaderElectionRecord(V1Lease obj)
    {
        obj.Spec ??= new V1LeaseSpec();
        var record = base.GetLeaderElectionRecord(obj);
        record.HolderIdentity ??= "";
        record.AcquireTime ??= DateTime.UnixEpoch;
        record.RenewTime ??= DateTime.UnixEpoch;
        return record;
    }

    /// <summary>The elector tries again whatever it is, and tells nobody: whoever forgot a permission would never know.</summary>
    protected override Task<V1Lease> ReadMetaObjectAsync(IKubernetes client, string name, string namespaceParameter, CancellationToken cancellationToken) =>
        ToldAsync(() => base.ReadMetaObjectAsync(client, name, namespaceParameter, cancellationToken));

    protected override Task<V1Lease> CreateMetaObjectAsync(IKubernetes client, V1Lease obj, string namespaceParameter, CancellationToken cancellationToken) =>
        NotedAsync(() => base.CreateMetaObjectAsync(client, obj, namespaceParameter, cancellationToken));

    protected override Task<V1Lease> ReplaceMetaObjectAsync(
        IKubernetes client, V1Lease obj, string name, string namespaceParameter, CancellationToken cancellationToken) =>
        NotedAsync(() => base.ReplaceMetaObjectAsync(client, obj, name, namespaceParameter, cancellationToken));

    private async Task<V1Lease> NotedAsync(Func<Task<V1Lease>> write)
    {
        var sent = clock.GetTimestamp();
        var written = await ToldAsync(write).ConfigureAwait(false);
        Interlocked.Exchange(ref _renewed, sent);
        return written;
    }

    private async Task<V1Lease> ToldAsync(Func<Task<V1Lease>> request)
    {
        try
        {
            return await request().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            failed(failure);
            throw;
        }
    }
}
