namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>What a review came to.</summary>
/// <param name="Request">The request; null when the bytes are no review.</param>
/// <param name="Decision">The decision; null when there was nothing to decide on.</param>
/// <param name="Body">The answer's bytes, or a sentence when there is no decision.</param>
internal sealed record ReviewAnswer(AdmissionRequest? Request, InjectionDecision? Decision, byte[] Body)
{
    /// <summary>The pod as people know it: its name, or what the API server will make one from.</summary>
    public string? PodName { get; init; }
}
