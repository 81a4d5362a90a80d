using SysGenId.Core;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>What an injected pod has of ours, by name and place. Public: a restored pod must be injected in the same way.</summary>
internal static class InjectedNames
{
    /// <summary>The init container that serves the pod.</summary>
    public const string Sidecar = "sysgenid-sidecar";

    /// <summary>The program in the sidecar's image.</summary>
    public const string SidecarProgram = "/sysgenid-sidecar";

    /// <summary>The volume with page and sockets.</summary>
    public const string PodVolume = "sysgenid";

    /// <summary>The volume through which the sidecar reaches the node's agent.</summary>
    public const string AgentVolume = "sysgenid-agent";

    /// <summary>Where the sidecar has it; beside the pod's directory, not in it.</summary>
    public const string AgentDirectory = "/run/sysgenid-agent";

    /// <summary>The user and group of the sidecar: nobody's, as images without users have it by custom.</summary>
    public const long SidecarUser = 65532;

    /// <summary>Where every chosen container has page and sockets.</summary>
    public const string PodDirectory = SystemPaths.PodDirectory;

    /// <summary>Where it has the page once more, if the pod asks for the device.</summary>
    public const string Device = SystemPaths.Device;
}
