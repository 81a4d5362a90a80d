using k8s;
using SysGenId.Operator.Api;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>Whether a status still has to be written.</summary>
internal static class StatusComparison
{
    /// <summary>Whether the agent's part of what is there is the same. The controller's condition does not count.</summary>
    public static bool IsWritten(SystemGenerationStatus wanted, SystemGenerationStatus? present) =>
        present is not null && KubernetesJson.Serialize(AgentsPart(wanted)) == KubernetesJson.Serialize(AgentsPart(present));

    // Conditions come back in any order.
    private static SystemGenerationStatus AgentsPart(SystemGenerationStatus status) => new()
    {
        ObservedGeneration = status.ObservedGeneration,
        Generation = status.Generation,
        GenerationId = status.GenerationId,
        LastChange = status.LastChange,
        Watchers = status.Watchers,
        OutdatedWatchers = status.OutdatedWatchers,
        OutdatedPods = status.OutdatedPods is { Count: > 0 } pods ? pods : null,
        Sidecars = status.Sidecars,
        Sources = status.Sources,
        Conditions = [.. (status.Conditions ?? []).Where(condition => condition.Type != ConditionTypes.AgentReady).OrderBy(condition => condition.Type, StringComparer.Ordinal)],
    };
}
