namespace SysGenId.Operator.Control.Admission.Pods;

/// <summary>What a pod says of itself.</summary>
internal sealed record PodMetadata
{
    public string? Name { get; init; }

    public string? GenerateName { get; init; }

    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    public IReadOnlyDictionary<string, string?>? Annotations { get; init; }

    /// <summary>The value of an annotation; null when the pod has none of that name.</summary>
    public string? Annotation(string name) => Annotations?.GetValueOrDefault(name);

    /// <summary>The value of a label; null when the pod has none of that name.</summary>
    public string? Label(string name) => Labels?.GetValueOrDefault(name);
}
