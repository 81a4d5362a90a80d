using SysGenId.Operator.Api;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>Finds out whether a pod is to be injected. The pod's word counts more than its namespace's.</summary>
internal static class ConsentReader
{
    public const string Yes = "true";
    public const string No = "false";

    /// <param name="pod">The pod.</param>
    /// <param name="namespaceLabels">Null when the namespace is not known: then the API server's selector is believed.</param>
    public static Consent Read(Pod pod, IReadOnlyDictionary<string, string>? namespaceLabels) => pod.Metadata.Label(ApiNames.InjectLabel) switch
    {
        Yes => Consent.GivenByPod,
        No => Consent.Refused,
        null when namespaceLabels is null || namespaceLabels.GetValueOrDefault(ApiNames.InjectLabel) == Yes => Consent.GivenByNamespace,
        null => Consent.NotAskedFor,
        _ => Consent.Unclear,
    };
}
