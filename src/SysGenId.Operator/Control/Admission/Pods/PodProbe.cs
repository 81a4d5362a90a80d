using k8s.Models;

namespace SysGenId.Operator.Control.Admission.Pods;

/// <summary>A probe, as far as it runs a command.</summary>
internal sealed record PodProbe
{
    public V1ExecAction? Exec { get; init; }
}
