using SysGenId.Operator.Control.Admission.Patching;

namespace SysGenId.Operator.Control.Admission;

/// <summary>What becomes of a pod, and why: the one source of the answer, the metric and the log line.</summary>
/// <param name="Reason">The stable code.</param>
/// <param name="Message">The reason in a sentence, with everything that is wrong when the pod is denied.</param>
internal sealed record InjectionDecision(InjectionReason Reason, string Message)
{
    /// <summary>What is added; null unless the pod is injected.</summary>
    public PodPatch? Patch { get; init; }

    /// <summary>Shown to whoever creates the pod; null when there is nothing they would not expect.</summary>
    public string? Warning { get; init; }

    /// <summary>The outcome's stable code: the metric's label and the audit log's word.</summary>
    public string Code => Outcome switch
    {
        InjectionOutcome.Injected => "injected",
        InjectionOutcome.Denied => "denied",
        _ => "skipped",
    };

    public InjectionOutcome Outcome => Reason switch
    {
        InjectionReason.Injected => InjectionOutcome.Injected,
        InjectionReason.InvalidValue or InjectionReason.UnknownContainer
            or InjectionReason.NameTaken or InjectionReason.PathTaken => InjectionOutcome.Denied,
        _ => InjectionOutcome.Skipped,
    };
}
