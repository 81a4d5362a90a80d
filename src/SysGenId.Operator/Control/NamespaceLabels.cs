using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control.Admission;

namespace SysGenId.Operator.Control;

/// <summary>The labels of all namespaces, from a watch. Thread-safe.</summary>
internal sealed class NamespaceLabels(ClusterConnection cluster, TimeProvider clock, ILogger<NamespaceLabels> log) : INamespaceLabels
{
    private static readonly Dictionary<string, string> _none = [];

    private readonly ObjectWatch<V1Namespace> _namespaces = new(cluster, new ObjectSelection(), clock, Random.Shared, log);

    /// <summary>Whether all namespaces were known once.</summary>
    public bool IsSynced => _namespaces.IsSynced;

    public IReadOnlyDictionary<string, string>? Find(string name) =>
        _namespaces.Objects.TryGetValue(name, out var found) ? found.Metadata.Labels?.AsReadOnly() ?? _none.AsReadOnly() : null;

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => _namespaces.RunAsync(cancellation);
}
