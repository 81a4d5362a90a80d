using System.Globalization;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>
/// The SystemGeneration of a node as the API server has it: what a watch saw last, or the answer to a write of our own that is
/// newer. The two overtake each other: were an answer always taken for the newest, a change that somebody made right after that
/// write would be forgotten.
/// <para>
/// The status is written over the version that was looked at and no other: an agent whose machine was set back does not know how
/// old its copy is, and must not lower what it has reported since (S02).
/// </para>
/// Watches may take in from threads of their own; the rest is for one loop.
/// </summary>
internal sealed class OwnObject(ClusterConnection cluster, string node, ILogger log)
{
    // Only the last that reached the server is there, and none can be whose version another has replaced.
    private const int MostUnanswered = 8;

    private readonly Lock _lock = new();
    private SystemGeneration? _latest;
    private ulong _seen;

    // What nobody but this agent writes: its last report as the server had it, then those that were sent and not answered.
    private readonly List<SystemGenerationStatus> _ours = [];
    private ulong? _reported;
    private bool _isOvertaken;

    /// <summary>Whether the object once showed what this agent reports.</summary>
    public bool HasReported => _reported is not null;

    /// <summary>What is known of it; null: it is not there.</summary>
    public SystemGeneration? Latest
    {
        get
        {
            lock (_lock)
            {
                return _latest;
            }
        }
    }

    /// <summary>Takes in a change of a watch.</summary>
    public void Take(ObjectChange<SystemGeneration> change)
    {
        lock (_lock)
        {
            // In the order of the watch, also when versions go back: a server may have been restored from a backup.
            _seen = Version(change.Object);
            if (change.Kind != ObjectChangeKind.Removed) _latest = change.Object;
            else if (_latest?.Metadata.Uid == change.Object.Metadata.Uid) _latest = null;
        }
    }

    /// <summary>Takes in the answer to a write.</summary>
    public void Take(SystemGeneration answer)
    {
        lock (_lock)
        {
            if (Version(answer) >= _seen) _latest = answer;
        }
    }

    /// <summary>It is not there after all.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _latest = null;
        }

        _isOvertaken = false;
    }

    /// <summary>A write met a version that no watch has shown yet: the server is asked before the next.</summary>
    public void Overtaken() => _isOvertaken = true;

    /// <summary>What somebody else wrote into the agent's part of the status since this agent did; null: nothing.</summary>
    public ForeignReport? ReportOfOthers(SystemGeneration present)
    {
        if (!(Version(present) > _reported) || present.Status is not { GenerationId: { } id } status) return null;
        if (_ours.Any(ours => StatusComparison.IsWritten(ours, status))) return null;
        return new ForeignReport(Version(present), (uint)Math.Clamp(status.Generation ?? 0, 0, uint.MaxValue), id);
    }

    /// <summary>Sees to it that it is there and owned by the node as it is now.</summary>
    /// <returns>Whether something had to be written.</returns>
    public async Task<bool> EnsureAsync(V1Node owner, CancellationToken stop)
    {
        if (_isOvertaken) Take(await cluster.SendAsync<SystemGeneration>(HttpMethod.Get, ResourceAddress.Object<SystemGeneration>(null, node), null, stop).ConfigureAwait(false));
        _isOvertaken = false;
        if (Latest is { } present && IsOwnedBy(present, owner)) return false;
        var wanted = new SystemGeneration
        {
            Metadata = new V1ObjectMeta
            {
                Name = node,
                OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = V1Node.KubeKind, Name = owner.Metadata.Name, Uid = owner.Metadata.Uid }],
            },
        };
        Take(await cluster.ApplyAsync(wanted, ApiNames.AgentManager, stop).ConfigureAwait(false));
        log.ObjectMade(node, owner.Metadata.Uid);
        return true;
    }

    /// <summary>Writes the agent's part of the status over a version that was looked at, unless it is there already.</summary>
    /// <returns>Whether something had to be written.</returns>
    public async Task<bool> ReportAsync(SystemGenerationStatus status, SystemGeneration over, CancellationToken stop)
    {
        if (StatusComparison.IsWritten(status, over.Status))
        {
            Reported(over);
            return false;
        }

        // An answer that is lost does not make it somebody else's.
        if (_ours.Count > MostUnanswered) _ours.RemoveAt(1);
        _ours.Add(status);
        var wanted = new SystemGeneration { Metadata = new V1ObjectMeta { Name = node, ResourceVersion = over.Metadata.ResourceVersion }, Status = status };
        var answer = await cluster.ApplyStatusAsync(wanted, ApiNames.AgentManager, stop).ConfigureAwait(false);
        Take(answer);
        Reported(answer);
        return true;
    }

    private void Reported(SystemGeneration present)
    {
        _reported = Version(present);
        _ours.Clear();
        if (present.Status is { } status) _ours.Add(status);
    }

    private static bool IsOwnedBy(SystemGeneration present, V1Node owner) =>
        present.Metadata.OwnerReferences?.Any(reference => reference.Kind == V1Node.KubeKind && reference.Uid == owner.Metadata.Uid) == true;

    // A number that grows, in every API server there is. Where it is none, an answer is taken for newer.
    private static ulong Version(SystemGeneration item) =>
        ulong.TryParse(item.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
