using System.Collections.Concurrent;
using k8s.Models;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>The names of this node's pods, from a watch. Thread-safe.</summary>
internal sealed class PodDirectory : IPodNames
{
    // The kubelet names the cgroup of a static pod after this; the API server gives the pod's image in it another UID.
    private const string StaticPodHash = "kubernetes.io/config.hash";

    private readonly ConcurrentDictionary<string, PodName> _names = new();

    /// <summary>Raised when a pod came or went.</summary>
    public event Action? Changed;

    public PodName? Find(string? podUid) => podUid is null ? null : _names.GetValueOrDefault(podUid);

    /// <summary>Takes in a change of a watch.</summary>
    public void Take(ObjectChange<V1Pod> change)
    {
        if (change.Kind == ObjectChangeKind.Modified) return;
        var metadata = change.Object.Metadata;
        var name = new PodName(metadata.NamespaceProperty, metadata.Name);
        foreach (var uid in Uids(metadata))
        {
            if (change.Kind == ObjectChangeKind.Removed) _names.TryRemove(uid, out _);
            else _names[uid] = name;
        }

        Changed?.Invoke();
    }

    private static IEnumerable<string> Uids(V1ObjectMeta metadata)
    {
        yield return metadata.Uid;
        if (metadata.Annotations?.TryGetValue(StaticPodHash, out var hash) == true) yield return hash;
    }
}
