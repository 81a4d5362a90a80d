using System.Globalization;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>
/// The SystemGeneration of a node as the API server has it: what a watch saw last, or the answer to a write of our own that is
/// newer. The two overtake each other: were an answer always taken for the newest, a change that somebody made right after that
/// write would be forgotten. Thread-safe.
/// </summary>
internal sealed class OwnObject(ClusterConnection cluster, string node, ILogger log)
{
    private readonly Lock _lock = new();
    private SystemGeneration? _latest;
    private ulong _seen;

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
    }

    /// <summary>Sees to it that it is there and owned by the node as it is now.</summary>
    /// <returns>Whether something had to be written.</returns>
    public async Task<bool> EnsureAsync(V1Node owner, CancellationToken stop)
    {
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

    /// <summary>Writes the agent's part of the status, unless it is there already.</summary>
    /// <returns>Whether something had to be written.</returns>
    public async Task<bool> ReportAsync(SystemGenerationStatus status, CancellationToken stop)
    {
        if (StatusComparison.IsWritten(status, Latest?.Status)) return false;
        var wanted = new SystemGeneration { Metadata = new V1ObjectMeta { Name = node }, Status = status };
        Take(await cluster.ApplyStatusAsync(wanted, ApiNames.AgentManager, stop).ConfigureAwait(false));
        return true;
    }

    private static bool IsOwnedBy(SystemGeneration present, V1Node owner) =>
        present.Metadata.OwnerReferences?.Any(reference => reference.Kind == V1Node.KubeKind && reference.Uid == owner.Metadata.Uid) == true;

    // A number that grows, in every API server there is. Where it is none, an answer is taken for newer.
    private static ulong Version(SystemGeneration item) =>
        ulong.TryParse(item.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
