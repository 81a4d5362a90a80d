using System.Text;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>From the bytes of a review to the bytes of its answer. Thread-safe.</summary>
internal sealed class PodReviewer(PodInjector injector, INamespaceLabels namespaces)
{
    private const string Creation = "CREATE";

    /// <summary>Answers a review; for bytes that are none the answer has no decision.</summary>
    public ReviewAnswer Review(ReadOnlySpan<byte> body)
    {
        if (ReviewReader.TryRead(body, out var fault) is not { } request) return Unreadable(null, fault);
        if (NothingToDo(request) is { } skipped) return Answer(request, skipped, request.Name);
        if (ReviewReader.TryReadPod(request, out fault) is not { } pod) return Unreadable(request, fault);
        var name = request.Namespace ?? "";
        return Answer(request, injector.Decide(pod, name, namespaces.Find(name)), NameOf(pod));
    }

    private static InjectionDecision? NothingToDo(AdmissionRequest request)
    {
        if (request.Kind is not { IsPod: true }) return new InjectionDecision(InjectionReason.NotAPod, "The request is not about a pod.");
        if (!string.IsNullOrEmpty(request.SubResource))
            return new InjectionDecision(InjectionReason.Subresource, "Only whole pods are injected.");
        return request.Operation == Creation ? null : new InjectionDecision(InjectionReason.NotACreation, "Only pods that are being created are injected.");
    }

    private static ReviewAnswer Answer(AdmissionRequest request, InjectionDecision decision, string? name) =>
        new(request, decision, ReviewWriter.Write(request, decision)) { PodName = name };

    private static ReviewAnswer Unreadable(AdmissionRequest? request, string fault) => new(request, null, Encoding.UTF8.GetBytes(fault + "\n"));

    private static string NameOf(Pod pod) => pod.Metadata switch
    {
        { Name.Length: > 0 } metadata => metadata.Name,
        { GenerateName.Length: > 0 } metadata => metadata.GenerateName + "*",
        _ => "",
    };
}
