using k8s.Models;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>
/// The node's own directory. It is made if the agent has not come yet: a socket that appears in it later is seen, which
/// would not be so with a mount of the socket itself.
/// </summary>
/// <param name="directory">Where the agent's socket is on every node.</param>
internal sealed class HostPathAgentVolume(string directory) : IAgentVolume
{
    public string Description => $"hostPath {directory}";

    public V1Volume ToModel() => new()
    {
        Name = InjectedNames.AgentVolume,
        HostPath = new V1HostPathVolumeSource { Path = directory, Type = "DirectoryOrCreate" },
    };

    public bool IsSame(PodVolume volume) => volume.HostPath?.Path == directory;
}
