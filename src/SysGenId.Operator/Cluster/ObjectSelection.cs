namespace SysGenId.Operator.Cluster;

/// <summary>Which objects of a kind a watch is about; what is left out selects nothing away.</summary>
internal sealed record ObjectSelection
{
    /// <summary>Objects of this namespace; null: of all, or of a kind that has none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The one object of this name.</summary>
    public string? Name { get; init; }

    /// <summary>Such as <c>spec.nodeName=node-1</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Such as <c>app.kubernetes.io/name=sysgenid</c>.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Objects in one answer of a list, from 1; default 500, as other Kubernetes clients ask.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>The selecting part of a query, beginning with an ampersand unless empty.</summary>
    public string Query()
    {
        string?[] fields = [Name is null ? null : $"metadata.name={Name}", FieldSelector];
        var fieldSelector = string.Join(',', fields.Where(field => !string.IsNullOrEmpty(field)));
        return Part("fieldSelector", fieldSelector) + Part("labelSelector", LabelSelector);
    }

    private static string Part(string key, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{key}={Uri.EscapeDataString(value)}";
}
