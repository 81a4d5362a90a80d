namespace SysGenId.Operator.Api;

/// <summary>Every name that the operator shares with the API server, the chart and people, written once.</summary>
internal static class ApiNames
{
    public const string Group = "sysgenid.io";
    public const string Version = "v1alpha1";
    public const string Kind = "SystemGeneration";
    public const string Plural = "systemgenerations";

    /// <summary>On a pod or namespace: <c>"true"</c> asks for the sidecar, <c>"false"</c> on a pod opts out.</summary>
    public const string InjectLabel = "sysgenid.io/inject";

    /// <summary>On a pod: names of the containers that get the mounts, separated by commas; default all but init containers.</summary>
    public const string ContainersAnnotation = "sysgenid.io/containers";

    /// <summary>On a pod: <c>"true"</c> also mounts the page as <c>/dev/sysgenid</c> (S27).</summary>
    public const string DeviceAnnotation = "sysgenid.io/device";

    /// <summary>On a pod: another image for the sidecar.</summary>
    public const string SidecarImageAnnotation = "sysgenid.io/sidecar-image";

    /// <summary>On a pod: resource quantities of the sidecar.</summary>
    public const string SidecarCpuRequestAnnotation = "sysgenid.io/sidecar-cpu-request";
    public const string SidecarCpuLimitAnnotation = "sysgenid.io/sidecar-cpu-limit";
    public const string SidecarMemoryRequestAnnotation = "sysgenid.io/sidecar-memory-request";
    public const string SidecarMemoryLimitAnnotation = "sysgenid.io/sidecar-memory-limit";

    /// <summary>On a node, kept by its agent: <see cref="GateProven"/> while its gate is proven, absent otherwise (S27).</summary>
    public const string GateLabel = "sysgenid.io/gate";
    public const string GateProven = "proven";

    /// <summary>
    /// On a SystemGeneration, set by <c>sysgenid-operator uninstall</c>: the agent takes the hook off its node. Either
    /// <see cref="UninstallRequested"/>, which holds for whatever agent there is, or the installation whose agents are asked.
    /// </summary>
    public const string UninstallAnnotation = "sysgenid.io/uninstall";
    public const string UninstallRequested = "requested";

    /// <summary>Field managers of server-side apply.</summary>
    public const string AgentManager = "sysgenid-agent";
    public const string ControllerManager = "sysgenid-controller";
}
