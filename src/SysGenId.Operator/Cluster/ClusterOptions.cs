namespace SysGenId.Operator.Cluster;

/// <summary>Where the cluster is, and how long it may take to answer.</summary>
internal sealed record ClusterOptions
{
    /// <summary>A kubeconfig file; null: the service account of the pod this runs in.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>A context of that file; null: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>
    /// How long the API server may take to answer a request, from 1 s to 5 min; default 30 s. A watch has as long to begin,
    /// and then lives on.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with these options, a sentence each; none: nothing.</summary>
    public IEnumerable<string> Faults()
    {
        if (Kubeconfig is null && Context is not null)
            yield return "A context can only be chosen from a kubeconfig file.";
        if (RequestTimeout < TimeSpan.FromSeconds(1) || RequestTimeout > TimeSpan.FromMinutes(5))
            yield return $"The request timeout must be from 1s to 5m, not {RequestTimeout.TotalSeconds:0.###}s.";
    }
}
