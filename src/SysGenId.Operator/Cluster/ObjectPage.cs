using k8s.Models;

namespace SysGenId.Operator.Cluster;

/// <summary>One answer of a list.</summary>
internal sealed class ObjectPage<T>
{
    public V1ListMeta Metadata { get; set; } = new();

    /// <summary>An empty list may be written as null.</summary>
    public IList<T> Items { get; set => field = value ?? []; } = [];
}
