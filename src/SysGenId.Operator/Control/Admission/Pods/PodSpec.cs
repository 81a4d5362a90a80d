using k8s.Models;

namespace SysGenId.Operator.Control.Admission.Pods;

/// <summary>What a pod consists of.</summary>
internal sealed record PodSpec
{
    public required IReadOnlyList<PodContainer> Containers { get; init; }

    public IReadOnlyList<PodContainer>? InitContainers { get; init; }

    public IReadOnlyList<PodVolume>? Volumes { get; init; }

    public PodAffinity? Affinity { get; init; }

    public IReadOnlyDictionary<string, string?>? NodeSelector { get; init; }

    public V1PodOS? Os { get; init; }

    /// <summary>Init containers and containers, as they start.</summary>
    public IEnumerable<PodContainer> AllContainers => (InitContainers ?? []).Concat(Containers);

    /// <summary>The alternatives of what the pod requires of its node; null when it requires nothing.</summary>
    public IList<V1NodeSelectorTerm>? NodeSelectorTerms =>
        Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms;
}
