namespace SysGenId.Operator.Observability;

/// <summary>What a request to the API server is, in labels of which there is only so many.</summary>
/// <param name="Verb">As RBAC and the audit log call it: get, list, watch, create, update, patch, delete, deletecollection.</param>
/// <param name="Resource">The plural name, with the subresource; <see cref="None"/> for paths that are none, <see cref="Other"/> for what we never ask for.</param>
internal readonly record struct ApiRequest(string Verb, string Resource)
{
    public const string None = "none";
    public const string Other = "other";

    private static readonly HashSet<string> _resources = new(StringComparer.Ordinal)
    {
        "configmaps", "customresourcedefinitions", "daemonsets", "deployments", "endpointslices", "events", "jobs", "leases",
        "mutatingwebhookconfigurations", "namespaces", "nodes", "pods", "secrets", "selfsubjectaccessreviews", "serviceaccounts",
        "services", "subjectaccessreviews", "systemgenerations", "tokenreviews", "validatingadmissionpolicies",
        "nodes/status", "pods/status", "serviceaccounts/token", "systemgenerations/status",
    };

    /// <summary>What a method and a path with its query mean.</summary>
    public static ApiRequest Of(HttpMethod method, Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true }) return new ApiRequest(VerbOf(method, false, false), None);
        var parts = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);

        // api/v1/... and apis/GROUP/VERSION/..., anywhere below a proxy's prefix.
        var root = Array.FindIndex(parts, part => part is "api" or "apis");
        var first = root < 0 ? parts.Length : root + (parts[root] == "api" ? 2 : 3);
        if (first >= parts.Length) return new ApiRequest(VerbOf(method, false, false), None);
        var path = parts[first..];
        if (path.Length > 2 && path[0] == "namespaces" && path[2] is not ("status" or "finalize")) path = path[2..];
        var resource = path.Length > 2 ? $"{path[0]}/{path[2]}" : path[0];
        var verb = VerbOf(method, path.Length > 1, IsWatch(uri.Query));
        return new ApiRequest(verb, _resources.TryGetValue(resource, out var known) ? known : Other);
    }

    private static string VerbOf(HttpMethod method, bool isNamed, bool isWatch) => method.Method switch
    {
        "GET" when isWatch => "watch",
        "GET" or "HEAD" => isNamed ? "get" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => isNamed ? "delete" : "deletecollection",
        _ => Other,
    };

    private static bool IsWatch(string query) =>
        query.TrimStart('?').Split('&').Any(pair => pair is "watch" or "watch=true" or "watch=1" or "watch=True");
}
