using System.Text.Json;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>Bytes to requests and pods. What cannot be read is a sentence, never an exception.</summary>
internal static class ReviewReader
{
    /// <summary>The request in a review, or null and what is wrong.</summary>
    public static AdmissionRequest? TryRead(ReadOnlySpan<byte> body, out string fault)
    {
        AdmissionReview? review;
        try
        {
            review = JsonSerializer.Deserialize(body, AdmissionJson.Default.AdmissionReview);
        }
        catch (JsonException failure)
        {
            fault = $"The body is not an AdmissionReview: {failure.Message}";
            return null;
        }

        fault = review switch
        {
            not { ApiVersion: AdmissionReview.SupportedVersion, Kind: AdmissionReview.SupportedKind } =>
                $"The body must be an {AdmissionReview.SupportedKind} of {AdmissionReview.SupportedVersion}.",
            not { Request.Uid.Length: > 0 } => "The AdmissionReview has no request with a uid.",
            _ => "",
        };
        return fault.Length == 0 ? review!.Request : null;
    }

    /// <summary>The pod of a request, or null and what is wrong.</summary>
    public static Pod? TryReadPod(AdmissionRequest request, out string fault)
    {
        try
        {
            var pod = request.Object?.Deserialize(AdmissionJson.Default.Pod);
            fault = pod is null ? "The AdmissionReview has no object." : pod.HasHoles ? "The pod has a list with a null in it." : "";
            return fault.Length == 0 ? pod : null;
        }
        catch (JsonException failure)
        {
            fault = $"The object is not a pod: {failure.Message}";
            return null;
        }
    }
}
