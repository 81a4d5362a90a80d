using k8s.Models;
using SysGenId.Core;
using SysGenId.Operator.Api;
using SysGenId.Operator.Control.Admission.Patching;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>What the chosen containers get: page and sockets, and the page once more where the pod asks for the device. All of it read-only (S15).</summary>
internal static class InjectedMounts
{
    /// <summary>Adds those the chosen containers lack. What is in their place, or lets any container write the page, is a fault.</summary>
    public static void AddTo(Pod pod, InjectionWishes wishes, PodPatch patch, InjectionFaults faults)
    {
        AddTo(pod.Spec.InitContainers ?? [], "/spec/initContainers", isInit: true, wishes, patch, faults);
        AddTo(pod.Spec.Containers, "/spec/containers", isInit: false, wishes, patch, faults);
    }

    private static void AddTo(
        IReadOnlyList<PodContainer> containers, string list, bool isInit, InjectionWishes wishes, PodPatch patch, InjectionFaults faults)
    {
        for (var index = 0; index < containers.Count; index++)
        {
            var container = containers[index];
            if (container.Name == InjectedNames.Sidecar) continue;
            CheckUseOfPage(container, wishes, faults);
            if (!wishes.Includes(container, isInit)) continue;
            var missing = Wanted(wishes).Where(mount => IsMissing(container, mount, faults)).ToList();
            patch.Append($"{list}/{index}/volumeMounts", container.VolumeMounts is not null, missing);
        }
    }

    private static IEnumerable<V1VolumeMount> Wanted(InjectionWishes wishes)
    {
        yield return new V1VolumeMount { Name = InjectedNames.PodVolume, MountPath = InjectedNames.PodDirectory, ReadOnlyProperty = true };
        if (!wishes.HasDevice) yield break;

        // The file itself. It is there before any container: the sidecar's startup probe sees to it, else the kubelet would
        // make a directory of that name.
        yield return new V1VolumeMount
        {
            Name = InjectedNames.PodVolume,
            MountPath = InjectedNames.Device,
            SubPath = SystemPaths.PageName,
            ReadOnlyProperty = true,
        };
    }

    private static bool IsMissing(PodContainer container, V1VolumeMount wanted, InjectionFaults faults)
    {
        var isThere = container.Mounts.Any(mount => IsSame(mount, wanted));
        var others = container.Mounts
            .Where(mount => !IsSame(mount, wanted) && !IsWritablePage(mount) && MountPath.IsWithin(mount.MountPath, wanted.MountPath))
            .Select(mount => mount.MountPath);
        var devices = (container.VolumeDevices ?? []).Where(device => MountPath.IsWithin(device.DevicePath, wanted.MountPath)).Select(device => device.DevicePath);
        foreach (var path in others.Concat(devices))
        {
            faults.Add(
                InjectionReason.PathTaken,
                $"container {Quoted.Of(container.Name)} has a mount of its own at {Quoted.Of(path)}: {wanted.MountPath} must be free");
        }

        return !isThere;
    }

    private static bool IsSame(V1VolumeMount mount, V1VolumeMount wanted) =>
        mount.Name == wanted.Name
        && MountPath.IsSame(mount.MountPath, wanted.MountPath)
        && (mount.SubPath ?? "") == (wanted.SubPath ?? "")
        && string.IsNullOrEmpty(mount.SubPathExpr)
        && mount.ReadOnlyProperty == true;

    private static bool IsWritablePage(V1VolumeMount mount) => mount.Name == InjectedNames.PodVolume && mount.ReadOnlyProperty != true;

    // What a pod mounts of our volume by itself must not break what the page promises.
    private static void CheckUseOfPage(PodContainer container, InjectionWishes wishes, InjectionFaults faults)
    {
        foreach (var mount in container.Mounts.Where(mount => mount.Name == InjectedNames.PodVolume))
        {
            var isWanted = wishes.Containers is null || wishes.Containers.Contains(container.Name);
            if (IsWritablePage(mount))
            {
                faults.Add(
                    InjectionReason.PathTaken,
                    $"container {Quoted.Of(container.Name)} mounts volume {Quoted.Of(mount.Name)} at {Quoted.Of(mount.MountPath)}: it must be readOnly");
            }
            else if (MountPath.IsWithin(mount.MountPath, InjectedNames.Device) && !(wishes.HasDevice && isWanted))
            {
                faults.Add(
                    InjectionReason.PathTaken,
                    $"container {Quoted.Of(container.Name)} mounts {InjectedNames.Device} itself: ask for it by annotation {ApiNames.DeviceAnnotation}");
            }
        }
    }
}
