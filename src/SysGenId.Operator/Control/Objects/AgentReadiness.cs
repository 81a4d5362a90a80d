using k8s.Models;
using SysGenId.Operator.Api;

namespace SysGenId.Operator.Control.Objects;

/// <summary>Whether a node's agent is ready, as the condition AgentReady says it. Pure.</summary>
internal sealed record AgentReadiness(string Status, string Reason, string Message)
{
    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";

    public static AgentReadiness NodeGone { get; } = new(Unknown, ConditionReasons.NodeGone, "The node does not exist; its object is deleted after a while.");

    /// <summary>Of a node that exists.</summary>
    /// <param name="hasDaemonSet">Whether there is a DaemonSet of agents at all.</param>
    /// <param name="pods">The pods of it on the node: during an update there may be two.</param>
    public static AgentReadiness Of(bool hasDaemonSet, IEnumerable<V1Pod> pods)
    {
        if (!hasDaemonSet) return new(False, ConditionReasons.DaemonSetMissing, "The DaemonSet of the agents does not exist.");
        var pod = pods.OrderByDescending(IsReady).ThenByDescending(pod => pod.Metadata.CreationTimestamp).ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal).FirstOrDefault();
        if (pod is null) return new(False, ConditionReasons.PodMissing, "There is no agent pod on the node.");
        return IsReady(pod)
            ? new(True, ConditionReasons.PodReady, "The agent pod is ready.")
            : new(False, ConditionReasons.PodNotReady, $"Pod {pod.Metadata.Name} is not ready: {Why(pod)}");
    }

    /// <summary>Whether a condition says this already.</summary>
    public bool IsSaidBy(V1Condition? condition) =>
        condition is not null && condition.Status == Status && condition.Reason == Reason && condition.Message == Message;

    private static bool IsReady(V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: True }) == true;

    // Words that stay the same while the state does: no counts, no times.
    private static string Why(V1Pod pod)
    {
        if (pod.Metadata.DeletionTimestamp is not null) return "it is being deleted.";
        var waiting = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? [])
            .Select(container => container.State?.Waiting?.Reason)
            .FirstOrDefault(reason => !string.IsNullOrEmpty(reason));
        if (waiting is not null) return $"{waiting}.";
        return pod.Status?.Phase is "Running" ? "it runs, its readiness probe fails." : $"phase {pod.Status?.Phase ?? "Unknown"}.";
    }
}
