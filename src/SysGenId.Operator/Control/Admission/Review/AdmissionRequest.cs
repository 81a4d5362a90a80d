using System.Text.Json;

namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>One request to the API server, as far as it matters here. A dry run needs nothing of its own: a decision has no effects.</summary>
internal sealed record AdmissionRequest
{
    /// <summary>Names this call; the answer repeats it.</summary>
    public required string Uid { get; init; }

    public ObjectKind? Kind { get; init; }

    public string? SubResource { get; init; }

    /// <summary>The object's name; empty when the API server makes one from <c>generateName</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The namespace, also where the object itself names none.</summary>
    public string? Namespace { get; init; }

    public string? Operation { get; init; }

    public bool? DryRun { get; init; }

    /// <summary>The object as it is so far.</summary>
    public JsonElement? Object { get; init; }
}
