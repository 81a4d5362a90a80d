namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>What the API server sends and gets back: <c>admission.k8s.io/v1</c>.</summary>
internal sealed record AdmissionReview
{
    public const string SupportedVersion = "admission.k8s.io/v1";
    public const string SupportedKind = "AdmissionReview";

    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public AdmissionRequest? Request { get; init; }

    public AdmissionResponse? Response { get; init; }
}
