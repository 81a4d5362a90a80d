using SysGenId.Operator.Api;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>How the four amounts are called where somebody set them, for messages.</summary>
internal sealed record ResourceNames(string CpuRequest, string CpuLimit, string MemoryRequest, string MemoryLimit)
{
    /// <summary>Set by annotations of a pod.</summary>
    public static ResourceNames OfAnnotations { get; } = new(
        $"annotation {ApiNames.SidecarCpuRequestAnnotation}",
        $"annotation {ApiNames.SidecarCpuLimitAnnotation}",
        $"annotation {ApiNames.SidecarMemoryRequestAnnotation}",
        $"annotation {ApiNames.SidecarMemoryLimitAnnotation}");

    /// <summary>Set on the controller's command line.</summary>
    public static ResourceNames OfOptions { get; } =
        new("--sidecar-cpu-request", "--sidecar-cpu-limit", "--sidecar-memory-request", "--sidecar-memory-limit");
}
