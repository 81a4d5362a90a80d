using k8s.Models;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>How a sidecar gets at the directory of the agent's socket: the one place that knows which kind of volume that is.</summary>
internal interface IAgentVolume
{
    /// <summary>The volume, named <see cref="InjectedNames.AgentVolume"/>.</summary>
    V1Volume ToModel();

    /// <summary>Whether a pod's volume of that name leads to the same place.</summary>
    bool IsSame(PodVolume volume);

    /// <summary>What such a volume is, for the message when a pod's is another.</summary>
    string Description { get; }
}
