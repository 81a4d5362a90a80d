using SysGenId.Operator.Api;
using SysGenId.Operator.Control.Admission.Injection;
using SysGenId.Operator.Control.Admission.Patching;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission;

/// <summary>
/// Decides what becomes of a pod. The same pod, labels and settings always come to the same decision and the same bytes, and
/// a pod that was patched comes to an empty patch: an injected pod that is checkpointed, restored or copied stays as it is.
/// Thread-safe.
/// </summary>
internal sealed class PodInjector(InjectionSettings settings)
{
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";
    private const string OperatingSystemLabel = "kubernetes.io/os";
    private const string Windows = "windows";

    private readonly HostPathAgentVolume _agentVolume = new(settings.AgentSocketDirectory);

    /// <summary>The decision about a pod that is being created.</summary>
    /// <param name="pod">The pod, with or without what other injectors added.</param>
    /// <param name="namespaceName">Its namespace.</param>
    /// <param name="namespaceLabels">That namespace's labels; null when they are not known.</param>
    public InjectionDecision Decide(Pod pod, string namespaceName, IReadOnlyDictionary<string, string>? namespaceLabels)
    {
        var consent = ConsentReader.Read(pod, namespaceLabels);
        if (WhyNot(pod, namespaceName, consent) is { } skipped) return skipped;
        var faults = new InjectionFaults();
        if (consent == Consent.Unclear)
        {
            var value = Quoted.Of(pod.Metadata.Label(ApiNames.InjectLabel));
            faults.Add(InjectionReason.InvalidValue, $"label {ApiNames.InjectLabel} must be \"true\" or \"false\", not {value}");
        }

        var patch = Patch(pod, InjectionWishes.Read(pod, settings, faults), faults);
        if (faults.Any) return faults.ToDecision();
        return patch.IsEmpty
            ? new InjectionDecision(InjectionReason.AlreadyInjected, "The pod has everything that would be injected.")
            : new InjectionDecision(InjectionReason.Injected, "The pod gets the SysGenId sidecar.") { Patch = patch };
    }

    private PodPatch Patch(Pod pod, InjectionWishes wishes, InjectionFaults faults)
    {
        var patch = new PodPatch();
        InjectedVolumes.AddTo(pod, _agentVolume, patch, faults);
        InjectedMounts.AddTo(pod, wishes, patch, faults);
        if (wishes.HasDevice) GateAffinity.AddTo(pod, patch);

        // Last: it moves the init containers that the others name by their place.
        SidecarContainer.AddTo(pod, wishes, settings.PullPolicy, patch, faults);
        return patch;
    }

    private InjectionDecision? WhyNot(Pod pod, string namespaceName, Consent consent)
    {
        if (consent == Consent.NotAskedFor)
            return new InjectionDecision(InjectionReason.NotAskedFor, $"Neither the pod nor its namespace has the label {ApiNames.InjectLabel}.");
        if (consent == Consent.Refused)
            return new InjectionDecision(InjectionReason.OptedOut, $"The pod's label {ApiNames.InjectLabel} is \"false\".");
        var (reason, message) = Obstacle(pod, namespaceName);
        if (reason is null) return null;

        // Whoever asked for this one pod would wonder; whoever asked for a namespace expects it of such pods.
        var warning = consent == Consent.GivenByNamespace ? null : $"The SysGenId sidecar is not injected: {message}";
        return new InjectionDecision(reason.Value, message) { Warning = warning };
    }

    private (InjectionReason? Reason, string Message) Obstacle(Pod pod, string namespaceName)
    {
        if (settings.Excludes(namespaceName)) return (InjectionReason.ExcludedNamespace, $"No pod of namespace {namespaceName} is injected.");
        if (pod.Metadata.Annotation(MirrorAnnotation) is not null)
            return (InjectionReason.MirrorPod, "The pod mirrors a static pod, which its kubelet runs from a file.");
        if (pod.Spec.Os?.Name == Windows || pod.Spec.NodeSelector?.GetValueOrDefault(OperatingSystemLabel) == Windows)
            return (InjectionReason.WindowsPod, "The pod runs on Windows, and the sidecar on Linux.");
        return (null, "");
    }
}
