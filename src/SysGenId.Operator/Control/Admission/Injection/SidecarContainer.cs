using k8s.Models;
using SysGenId.Core;
using SysGenId.Operator.Control.Admission.Patching;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>
/// The sidecar: an init container that goes on running. Its startup probe holds back every container behind it until
/// page and sockets are there. It is within the restricted Pod Security profile.
/// </summary>
internal static class SidecarContainer
{
    private const string Always = "Always";
    private const string ReadyCommand = "ready";
    private const string RequireGate = "--require-gate";

    // A probe that waits by itself: a pod whose sidecar is ready starts at once instead of at the next second, and one that
    // waits for its node writes an Event each ten seconds instead of each second; kubelets drop what comes faster.
    private const int ProbeWaitSeconds = 10;
    private const int ProbeTimeoutSeconds = 15;
    private const int ProbePeriodSeconds = 1;

    // What the probe waits for is the node's affair: to restart the sidecar would only add the kubelet's growing pauses. A day
    // at the fastest pace.
    private const int ProbeFailures = 86400;

    /// <summary>Adds it in front of all init containers, or completes the one that is there; a container of that name that is something else is a fault.</summary>
    public static void AddTo(Pod pod, InjectionWishes wishes, string? pullPolicy, PodPatch patch, InjectionFaults faults)
    {
        if (pod.Spec.Containers.Any(container => container.Name == InjectedNames.Sidecar))
            faults.Add(InjectionReason.NameTaken, $"container {Quoted.Of(InjectedNames.Sidecar)} must have another name");
        var present = IndexIn(pod);
        if (present >= 0) Complete(pod, present, wishes, patch, faults);
        else if (pod.Spec.InitContainers is null) patch.Add("/spec/initContainers", new[] { Build(wishes, pullPolicy) });
        else patch.Add("/spec/initContainers/0", Build(wishes, pullPolicy));
    }

    private static int IndexIn(Pod pod)
    {
        var containers = pod.Spec.InitContainers ?? [];
        for (var index = 0; index < containers.Count; index++)
            if (containers[index].Name == InjectedNames.Sidecar) return index;
        return -1;
    }

    // What is there stays as it is, image and resources included: a restored pod must be like the one that was checkpointed.
    private static void Complete(Pod pod, int index, InjectionWishes wishes, PodPatch patch, InjectionFaults faults)
    {
        var container = pod.Spec.InitContainers![index];
        if (!IsOurs(container))
        {
            faults.Add(
                InjectionReason.NameTaken,
                $"init container {Quoted.Of(InjectedNames.Sidecar)} must have another name, or be the sidecar with restartPolicy Always, "
                + $"volume {Quoted.Of(InjectedNames.PodVolume)} at {InjectedNames.PodDirectory} and volume {Quoted.Of(InjectedNames.AgentVolume)} at {InjectedNames.AgentDirectory}");
            return;
        }

        if (!Holds(container.StartupProbe, wishes)) patch.Add($"/spec/initContainers/{index}/startupProbe", Probe(wishes));

        // Another injector may have put a container before it; that matters only to those that need the page.
        if (pod.Spec.InitContainers.Take(index).Any(before => wishes.Includes(before, isInit: true)))
            patch.Move($"/spec/initContainers/{index}", "/spec/initContainers/0");
    }

    private static bool IsOurs(PodContainer container) =>
        container.RestartPolicy == Always
        && container.Mounts.Any(mount => mount.Name == InjectedNames.PodVolume
            && MountPath.IsSame(mount.MountPath, InjectedNames.PodDirectory)
            && mount.ReadOnlyProperty != true
            && string.IsNullOrEmpty(mount.SubPath)
            && string.IsNullOrEmpty(mount.SubPathExpr))
        && container.Mounts.Any(mount => mount.Name == InjectedNames.AgentVolume && MountPath.IsSame(mount.MountPath, InjectedNames.AgentDirectory));

    private static bool Holds(PodProbe? probe, InjectionWishes wishes)
    {
        var command = probe?.Exec?.Command ?? [];
        return command.Contains(ReadyCommand) && (!wishes.HasDevice || command.Contains(RequireGate));
    }

    private static V1Container Build(InjectionWishes wishes, string? pullPolicy) => new()
    {
        Name = InjectedNames.Sidecar,
        Image = wishes.Image,
        ImagePullPolicy = pullPolicy,
        Args = ["--dir", InjectedNames.PodDirectory, "--agent", Path.Join(InjectedNames.AgentDirectory, Path.GetFileName(SystemPaths.AgentSocket))],
        RestartPolicy = Always,
        Resources = wishes.Resources.ToModel(),
        SecurityContext = Restricted(),
        StartupProbe = Probe(wishes),
        // It says on standard error why it cannot serve; so does the pod's status then.
        TerminationMessagePolicy = "FallbackToLogsOnError",
        VolumeMounts =
        [
            new V1VolumeMount { Name = InjectedNames.PodVolume, MountPath = InjectedNames.PodDirectory },
            new V1VolumeMount { Name = InjectedNames.AgentVolume, MountPath = InjectedNames.AgentDirectory, ReadOnlyProperty = true },
        ],
    };

    private static V1SecurityContext Restricted() => new()
    {
        RunAsNonRoot = true,
        RunAsUser = InjectedNames.SidecarUser,
        RunAsGroup = InjectedNames.SidecarUser,
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
        SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
    };

    private static V1Probe Probe(InjectionWishes wishes) => new()
    {
        Exec = new V1ExecAction
        {
            Command =
            [
                InjectedNames.SidecarProgram, ReadyCommand, "--dir", InjectedNames.PodDirectory, "--wait", $"{ProbeWaitSeconds}",
                .. wishes.HasDevice ? [RequireGate] : Array.Empty<string>(),
            ],
        },
        PeriodSeconds = ProbePeriodSeconds,
        TimeoutSeconds = ProbeTimeoutSeconds,
        FailureThreshold = ProbeFailures,
    };
}
