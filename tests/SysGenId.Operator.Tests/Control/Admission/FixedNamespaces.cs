using SysGenId.Operator.Control.Admission;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>Two namespaces that are known; all others are not.</summary>
internal sealed class FixedNamespaces : INamespaceLabels
{
    public const string OptedIn = "opted-in";
    public const string Plain = "plain";

    public IReadOnlyDictionary<string, string>? Find(string name) => name switch
    {
        OptedIn => new Dictionary<string, string> { ["sysgenid.io/inject"] = "true" },
        Plain => new Dictionary<string, string>(),
        _ => null,
    };
}
