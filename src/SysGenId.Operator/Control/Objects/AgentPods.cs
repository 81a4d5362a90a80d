using k8s.Models;

namespace SysGenId.Operator.Control.Objects;

/// <summary>The agents of a cluster at one moment.</summary>
/// <param name="HasDaemonSet">Whether their DaemonSet exists.</param>
/// <param name="ByNode">Its pods, by the node they are bound to.</param>
internal sealed record AgentPods(bool HasDaemonSet, ILookup<string, V1Pod> ByNode)
{
    public static AgentPods Of(IEnumerable<V1Pod> pods) => new(true, pods
        .Where(pod => !string.IsNullOrEmpty(pod.Spec?.NodeName) && pod.Status?.Phase is not ("Failed" or "Succeeded"))
        .ToLookup(pod => pod.Spec.NodeName, StringComparer.Ordinal));

    public static AgentPods None { get; } = new(false, Enumerable.Empty<V1Pod>().ToLookup(_ => "", StringComparer.Ordinal));
}
