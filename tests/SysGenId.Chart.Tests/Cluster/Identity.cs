namespace SysGenId.Chart.Tests.Cluster;

/// <summary>A service account, as the token of a pod proves it.</summary>
/// <param name="Namespace">The account's namespace.</param>
/// <param name="Account">Its name.</param>
/// <param name="Node">The node of the pod; null: a token that names none.</param>
internal sealed record Identity(string Namespace, string Account, string? Node)
{
    /// <summary>Such as the API server and its audit log name it.</summary>
    public string User => $"system:serviceaccount:{Namespace}:{Account}";

    public IEnumerable<(string Name, string Value)> Headers()
    {
        yield return ("Impersonate-User", User);
        yield return ("Impersonate-Group", "system:serviceaccounts");
        yield return ("Impersonate-Group", $"system:serviceaccounts:{Namespace}");
        yield return ("Impersonate-Group", "system:authenticated");
        if (Node is not null) yield return ("Impersonate-Extra-authentication.kubernetes.io%2Fnode-name", Node);
    }
}
