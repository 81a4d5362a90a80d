namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>The answer to one request.</summary>
internal sealed record AdmissionResponse
{
    public required string Uid { get; init; }

    public required bool Allowed { get; init; }

    public AdmissionStatus? Status { get; init; }

    /// <summary>Always <c>JSONPatch</c> beside a patch.</summary>
    public string? PatchType { get; init; }

    /// <summary>The patch; base64 on the wire.</summary>
    public byte[]? Patch { get; init; }

    /// <summary>For the audit log, under the webhook's name.</summary>
    public IReadOnlyDictionary<string, string>? AuditAnnotations { get; init; }

    /// <summary>Shown to whoever made the request.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}
