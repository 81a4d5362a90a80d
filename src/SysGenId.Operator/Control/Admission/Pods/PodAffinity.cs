using k8s.Models;

namespace SysGenId.Operator.Control.Admission.Pods;

/// <summary>Where a pod wants to be, as far as that is about nodes.</summary>
internal sealed record PodAffinity
{
    public V1NodeAffinity? NodeAffinity { get; init; }
}
