using k8s.Models;
using SysGenId.Operator.Api;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>Reads conditions as kubectl does.</summary>
internal static class Conditions
{
    public static V1Condition? Condition(this SystemGeneration present, string type) =>
        present.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    /// <summary>As <c>kubectl wait --for=condition=TYPE</c>: what was said of an older version of the object does not count.</summary>
    public static bool Is(this SystemGeneration present, string type) =>
        present.Condition(type) is { Status: "True" } condition && !(condition.ObservedGeneration < present.Metadata.Generation);
}
