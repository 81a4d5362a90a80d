using System.Text.Json;

namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>Decisions to bytes.</summary>
internal static class ReviewWriter
{
    private const int Success = 200;
    private const int BadRequest = 400;
    private const string BadRequestReason = "BadRequest";
    private const string JsonPatch = "JSONPatch";

    /// <summary>The answer to a request. The same decision is the same bytes.</summary>
    public static byte[] Write(AdmissionRequest request, InjectionDecision decision)
    {
        var isAllowed = decision.Outcome != InjectionOutcome.Denied;
        var patch = decision.Patch?.ToJson();
        var review = new AdmissionReview
        {
            ApiVersion = AdmissionReview.SupportedVersion,
            Kind = AdmissionReview.SupportedKind,
            Response = new AdmissionResponse
            {
                Uid = request.Uid,
                Allowed = isAllowed,
                Status = isAllowed ? new AdmissionStatus(Success, null, decision.Message) : new AdmissionStatus(BadRequest, BadRequestReason, decision.Message),
                PatchType = patch is null ? null : JsonPatch,
                Patch = patch,
                AuditAnnotations = new Dictionary<string, string> { ["decision"] = decision.Code, ["reason"] = $"{decision.Reason}" },
                Warnings = decision.Warning is null ? null : [decision.Warning],
            },
        };
        return JsonSerializer.SerializeToUtf8Bytes(review, AdmissionJson.Default.AdmissionReview);
    }
}
