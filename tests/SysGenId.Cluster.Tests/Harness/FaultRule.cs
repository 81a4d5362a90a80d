namespace SysGenId.Cluster.Tests.Harness;

/// <summary>Which coming requests fail, and how; what is left out matches anything. Used up after <see cref="Count"/> requests.</summary>
internal sealed record FaultRule
{
    /// <summary>As in RBAC: <c>get list watch create update patch delete</c>.</summary>
    public string? Verb { get; init; }

    public string? Group { get; init; }

    /// <summary>The plural name of the kind.</summary>
    public string? Resource { get; init; }

    public string? Subresource { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? User { get; init; }

    /// <summary>The HTTP status of the answer.</summary>
    public int? Status { get; init; }

    public string? Message { get; init; }

    /// <summary>Seconds, as a Retry-After header.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Breaks the connection off instead of an answer.</summary>
    public bool? Drop { get; init; }

    /// <summary>Waits first, such as <c>500ms</c>.</summary>
    public string? Delay { get; init; }

    /// <summary>Requests until it is used up; negative: never.</summary>
    public int Count { get; init; } = 1;
}
