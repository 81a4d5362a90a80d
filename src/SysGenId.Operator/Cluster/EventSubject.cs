using k8s;
using k8s.Models;

namespace SysGenId.Operator.Cluster;

/// <summary>References to what an Event is about, in the forms in which kubectl looks for them.</summary>
internal static class EventSubject
{
    /// <summary>A node known by name only: like kubelet, its name stands for its UID, and <c>kubectl describe node</c> finds it.</summary>
    public static V1ObjectReference Node(string name) => new() { ApiVersion = "v1", Kind = V1Node.KubeKind, Name = name, Uid = name };

    /// <summary>A pod; its UID may be unknown.</summary>
    public static V1ObjectReference Pod(string inNamespace, string name, string? uid) =>
        new() { ApiVersion = "v1", Kind = V1Pod.KubeKind, NamespaceProperty = inNamespace, Name = name, Uid = uid };

    /// <summary>An object as the API server has it.</summary>
    public static V1ObjectReference Of<T>(T item)
        where T : IKubernetesObject<V1ObjectMeta> => new()
        {
            ApiVersion = ResourceAddress.ApiVersion<T>(),
            Kind = ResourceAddress.Kind<T>(),
            NamespaceProperty = item.Metadata.NamespaceProperty,
            Name = item.Metadata.Name,
            Uid = item.Metadata.Uid,
        };
}
