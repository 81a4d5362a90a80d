using SysGenId.Operator.Api;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>What a pod asks for by its annotations, with the settings where it says nothing.</summary>
/// <param name="Containers">The names of the containers that get the mounts; null means all but init containers.</param>
/// <param name="HasDevice">Whether they get the page as <c>/dev/sysgenid</c>, too.</param>
/// <param name="Image">The sidecar's image.</param>
/// <param name="Resources">The sidecar's requests and limits.</param>
internal sealed record InjectionWishes(IReadOnlySet<string>? Containers, bool HasDevice, string Image, SidecarResources Resources)
{
    /// <summary>Reads the annotations; what cannot be understood is noted, and read as if it were not there.</summary>
    public static InjectionWishes Read(Pod pod, InjectionSettings settings, InjectionFaults faults) => new(
        ReadContainers(pod, faults),
        ReadDevice(pod.Metadata, faults),
        ReadImage(pod.Metadata, faults) ?? settings.SidecarImage,
        ReadResources(pod.Metadata, settings.Resources, faults));

    /// <summary>Whether a container gets the mounts.</summary>
    public bool Includes(PodContainer container, bool isInit) =>
        container.Name != InjectedNames.Sidecar && (Containers?.Contains(container.Name) ?? !isInit);

    private static HashSet<string>? ReadContainers(Pod pod, InjectionFaults faults)
    {
        if (pod.Metadata.Annotation(ApiNames.ContainersAnnotation) is not { } text) return null;
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names.Contains(""))
        {
            faults.Add(
                InjectionReason.InvalidValue,
                $"annotation {ApiNames.ContainersAnnotation} must be names of containers with commas between them, not {Quoted.Of(text)}");
            return null;
        }

        var known = pod.Spec.AllContainers.Select(container => container.Name).Where(name => name != InjectedNames.Sidecar).ToList();
        foreach (var name in names.Except(known))
        {
            faults.Add(
                InjectionReason.UnknownContainer,
                $"annotation {ApiNames.ContainersAnnotation} names {Quoted.Of(name)}, and the pod's containers are {string.Join(", ", known.Select(Quoted.Of))}");
        }

        return [.. names];
    }

    private static bool ReadDevice(PodMetadata metadata, InjectionFaults faults)
    {
        var text = metadata.Annotation(ApiNames.DeviceAnnotation);
        if (text is not (null or ConsentReader.Yes or ConsentReader.No))
            faults.Add(InjectionReason.InvalidValue, $"annotation {ApiNames.DeviceAnnotation} must be \"true\" or \"false\", not {Quoted.Of(text)}");
        return text == ConsentReader.Yes;
    }

    private static string? ReadImage(PodMetadata metadata, InjectionFaults faults)
    {
        if (metadata.Annotation(ApiNames.SidecarImageAnnotation) is not { } text) return null;
        if (!ImageReference.IsValid(text))
            faults.Add(InjectionReason.InvalidValue, $"annotation {ApiNames.SidecarImageAnnotation} must be the name of an image, not {Quoted.Of(text)}");
        return text;
    }

    private static SidecarResources ReadResources(PodMetadata metadata, SidecarResources settings, InjectionFaults faults)
    {
        var resources = new SidecarResources
        {
            CpuRequest = metadata.Annotation(ApiNames.SidecarCpuRequestAnnotation) ?? settings.CpuRequest,
            CpuLimit = metadata.Annotation(ApiNames.SidecarCpuLimitAnnotation) ?? settings.CpuLimit,
            MemoryRequest = metadata.Annotation(ApiNames.SidecarMemoryRequestAnnotation) ?? settings.MemoryRequest,
            MemoryLimit = metadata.Annotation(ApiNames.SidecarMemoryLimitAnnotation) ?? settings.MemoryLimit,
        };
        var wrong = resources.Faults(ResourceNames.OfAnnotations).ToList();
        foreach (var fault in wrong) faults.Add(InjectionReason.InvalidValue, fault);
        return wrong.Count == 0 ? resources : settings;
    }
}
