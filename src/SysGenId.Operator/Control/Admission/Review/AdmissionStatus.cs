namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>What is told to whoever made the request, if it is denied.</summary>
/// <param name="Code">The HTTP status of the API server's answer to them.</param>
/// <param name="Reason">Kubernetes' name for it.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record AdmissionStatus(int Code, string? Reason, string Message);
