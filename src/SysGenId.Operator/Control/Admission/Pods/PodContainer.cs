using k8s.Models;

namespace SysGenId.Operator.Control.Admission.Pods;

/// <summary>A container or init container.</summary>
internal sealed record PodContainer
{
    public required string Name { get; init; }

    public string? RestartPolicy { get; init; }

    public IReadOnlyList<V1VolumeMount>? VolumeMounts { get; init; }

    public IReadOnlyList<V1VolumeDevice>? VolumeDevices { get; init; }

    public PodProbe? StartupProbe { get; init; }

    /// <summary>The mounts; none is an empty list.</summary>
    public IReadOnlyList<V1VolumeMount> Mounts => VolumeMounts ?? [];

    public bool HasHoles => VolumeMounts?.Contains(null!) == true || VolumeDevices?.Contains(null!) == true;
}
