using k8s.Models;
using SysGenId.Operator.Api;

namespace SysGenId.Operator.Control.Objects;

/// <summary>
/// Decides what becomes of the SystemGenerations. Pure. Since when a node has been gone is told by the condition itself:
/// a replica that has just become the leader goes on where the last one was.
/// </summary>
internal sealed record ObjectPlan(IReadOnlyList<ObjectStep> Steps, DateTimeOffset? LookAgain)
{
    /// <summary>All steps that are due.</summary>
    /// <param name="objects">The SystemGenerations.</param>
    /// <param name="nodes">Names of the nodes that exist.</param>
    /// <param name="agents">The agents.</param>
    /// <param name="grace">How long a node may be gone before its object is deleted: it may be registering again.</param>
    /// <param name="now">The time.</param>
    public static ObjectPlan Of(IEnumerable<SystemGeneration> objects, Func<string, bool> nodes, AgentPods agents, TimeSpan grace, DateTimeOffset now)
    {
        var steps = new List<ObjectStep>();
        DateTimeOffset? lookAgain = null;
        foreach (var item in objects.Where(item => item.Metadata.DeletionTimestamp is null))
        {
            var name = item.Metadata.Name;
            var condition = Condition(item);
            var readiness = nodes(name) ? AgentReadiness.Of(agents.HasDaemonSet, agents.ByNode[name]) : AgentReadiness.NodeGone;
            if (!readiness.IsSaidBy(condition))
            {
                steps.Add(new ObjectStep(item, readiness));
                continue;
            }

            if (readiness != AgentReadiness.NodeGone) continue;
            var deleteAt = Since(condition!) + grace;
            if (now >= deleteAt) steps.Add(new ObjectStep(item, null));
            else if (lookAgain is null || deleteAt < lookAgain) lookAgain = deleteAt;
        }

        return new(steps, lookAgain);
    }

    /// <summary>The condition AgentReady of an object.</summary>
    public static V1Condition? Condition(SystemGeneration item) =>
        item.Status?.Conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.AgentReady);

    private static DateTimeOffset Since(V1Condition condition) => new(DateTime.SpecifyKind(condition.LastTransitionTime, DateTimeKind.Utc));
}
