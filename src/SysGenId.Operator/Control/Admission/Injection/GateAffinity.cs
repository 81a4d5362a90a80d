using k8s.Models;
using SysGenId.Operator.Api;
using SysGenId.Operator.Control.Admission.Patching;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>Keeps a pod with the device on nodes whose gate is proven (S27).</summary>
internal static class GateAffinity
{
    private const string In = "In";
    private const string Affinity = "/spec/affinity";
    private const string NodeAffinity = Affinity + "/nodeAffinity";
    private const string Required = NodeAffinity + "/requiredDuringSchedulingIgnoredDuringExecution";
    private const string Terms = Required + "/nodeSelectorTerms";

    /// <summary>Adds the requirement to whatever the pod requires of its node.</summary>
    public static void AddTo(Pod pod, PodPatch patch)
    {
        if (pod.Spec.NodeSelectorTerms is { } terms) AddTo(terms, patch);
        else if (pod.Spec.Affinity is null) patch.Add(Affinity, new V1Affinity { NodeAffinity = new V1NodeAffinity { RequiredDuringSchedulingIgnoredDuringExecution = Alone() } });
        else if (pod.Spec.Affinity.NodeAffinity is null) patch.Add(NodeAffinity, new V1NodeAffinity { RequiredDuringSchedulingIgnoredDuringExecution = Alone() });
        else patch.Add(Required, Alone());
    }

    // Terms are alternatives, and one without any expression matches no node: it must not begin to match ours.
    private static void AddTo(IList<V1NodeSelectorTerm> terms, PodPatch patch)
    {
        for (var index = 0; index < terms.Count; index++)
        {
            var term = terms[index];
            var matchesNothing = term.MatchExpressions is not { Count: > 0 } && term.MatchFields is not { Count: > 0 };
            if (matchesNothing || term.MatchExpressions?.Any(IsOurs) == true) continue;
            patch.Append($"{Terms}/{index}/matchExpressions", term.MatchExpressions is not null, [Requirement()]);
        }
    }

    private static bool IsOurs(V1NodeSelectorRequirement requirement) =>
        requirement is { Key: ApiNames.GateLabel, OperatorProperty: In, Values: [ApiNames.GateProven] };

    private static V1NodeSelector Alone() => new() { NodeSelectorTerms = [new V1NodeSelectorTerm { MatchExpressions = [Requirement()] }] };

    private static V1NodeSelectorRequirement Requirement() => new() { Key = ApiNames.GateLabel, OperatorProperty = In, Values = [ApiNames.GateProven] };
}
