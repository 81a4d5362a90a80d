namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>What kind of object a request is about.</summary>
internal sealed record ObjectKind
{
    public string? Group { get; init; }

    public string? Version { get; init; }

    public string? Kind { get; init; }

    /// <summary>Whether it is a pod.</summary>
    public bool IsPod => this is { Group: null or "", Version: "v1", Kind: "Pod" };
}
