using k8s;
using k8s.Models;

namespace SysGenId.Operator.Control.Objects;

/// <summary>As much of a Node as it takes to know that it exists: a cluster has thousands, and they are large.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Node", PluralName = "nodes")]
internal sealed class NodeRecord : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "v1";

    public string Kind { get; set; } = "Node";

    public V1ObjectMeta Metadata { get; set; } = new();
}
