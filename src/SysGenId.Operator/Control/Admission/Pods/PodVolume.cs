using k8s.Models;

namespace SysGenId.Operator.Control.Admission.Pods;

/// <summary>A volume, as far as it could be one of ours.</summary>
internal sealed record PodVolume
{
    public required string Name { get; init; }

    public EmptyDirectory? EmptyDir { get; init; }

    public V1HostPathVolumeSource? HostPath { get; init; }
}
