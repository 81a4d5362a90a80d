namespace SysGenId.Operator.Control.Admission.Pods;

/// <summary>
/// As much of a pod as injection reads. Not the client library's model: a field it cannot read in a container that does not
/// concern us must not keep that pod from starting.
/// </summary>
internal sealed record Pod
{
    public required PodMetadata Metadata { get; init; }

    public required PodSpec Spec { get; init; }

    /// <summary>Whether a list has an element that is null, as no pod has that the API server accepts.</summary>
    public bool HasHoles =>
        Spec.Containers.Contains(null!)
        || Spec.InitContainers?.Contains(null!) == true
        || Spec.Volumes?.Contains(null!) == true
        || Spec.AllContainers.Any(container => container.HasHoles)
        || Spec.NodeSelectorTerms?.Contains(null!) == true
        || Spec.NodeSelectorTerms?.Any(term => term.MatchExpressions?.Contains(null!) == true) == true;
}
