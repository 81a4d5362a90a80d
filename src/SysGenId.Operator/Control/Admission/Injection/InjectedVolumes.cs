using k8s.Models;
using SysGenId.Operator.Control.Admission.Patching;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>The two volumes of an injected pod.</summary>
internal static class InjectedVolumes
{
    private const string Memory = "Memory";

    // A page, a lock and two sockets: a few times that.
    private const string PodVolumeSize = "1Mi";

    /// <summary>Adds those the pod lacks; one of that name that is something else is a fault.</summary>
    public static void AddTo(Pod pod, IAgentVolume agent, PodPatch patch, InjectionFaults faults)
    {
        var missing = new List<V1Volume>();
        if (IsMissing(pod, InjectedNames.PodVolume, volume => volume.EmptyDir?.Medium == Memory, "an emptyDir of medium Memory", faults))
            missing.Add(PodVolume());
        if (IsMissing(pod, InjectedNames.AgentVolume, agent.IsSame, agent.Description, faults))
            missing.Add(agent.ToModel());
        patch.Append("/spec/volumes", pod.Spec.Volumes is not null, missing);
    }

    private static bool IsMissing(Pod pod, string name, Func<PodVolume, bool> isOurs, string description, InjectionFaults faults)
    {
        var present = pod.Spec.Volumes?.FirstOrDefault(volume => volume.Name == name);
        if (present is not null && !isOurs(present))
            faults.Add(InjectionReason.NameTaken, $"volume {Quoted.Of(name)} must be {description} or have another name");
        return present is null;
    }

    private static V1Volume PodVolume() => new()
    {
        Name = InjectedNames.PodVolume,
        EmptyDir = new V1EmptyDirVolumeSource { Medium = Memory, SizeLimit = new ResourceQuantity(PodVolumeSize) },
    };
}
