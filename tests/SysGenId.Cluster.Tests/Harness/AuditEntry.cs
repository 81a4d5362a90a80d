namespace SysGenId.Cluster.Tests.Harness;

/// <summary>One request, as the API server saw it; what does not apply is empty.</summary>
internal sealed record AuditEntry(
    string User, string Verb, string Group, string Resource, string Subresource, string Namespace, string Name, int Code, string Uri, string Stage)
{
    /// <summary>Whether it changed something, or tried to.</summary>
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection";
}
