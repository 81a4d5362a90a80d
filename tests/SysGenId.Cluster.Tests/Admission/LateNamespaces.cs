using SysGenId.Operator.Control.Admission;

namespace SysGenId.Cluster.Tests.Admission;

/// <summary>Labels of namespaces that are not known before somebody says who knows them, as in the first moments of a controller.</summary>
internal sealed class LateNamespaces : INamespaceLabels
{
    public INamespaceLabels? Known { get; set; }

    public IReadOnlyDictionary<string, string>? Find(string name) => Known?.Find(name);
}
