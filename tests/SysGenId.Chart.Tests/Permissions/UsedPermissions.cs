using System.Text.Json.Nodes;

namespace SysGenId.Chart.Tests.Permissions;

/// <summary>What a service account asked of the API server, from the audit log.</summary>
internal sealed class UsedPermissions
{
    private const int Created = 201;
    private const int Forbidden = 403;

    private readonly List<JsonNode> _requests;
    private readonly IReadOnlySet<Permission> _granted;

    private UsedPermissions(List<JsonNode> requests, IReadOnlySet<Permission> granted) => (_requests, _granted) = (requests, granted);

    /// <param name="log">The audit log.</param>
    /// <param name="user">The service account's user name.</param>
    /// <param name="granted">What it may do.</param>
    public static UsedPermissions Read(string log, string user, IReadOnlySet<Permission> granted)
    {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

        // The last line may be half written.
        var lines = reader.ReadToEnd().Split('\n')[..^1];
        var requests = lines.Select(line => JsonNode.Parse(line)!)
            .Where(request => (string?)request["impersonatedUser"]?["username"] == user && request["objectRef"]?["resource"] is not null);
        return new UsedPermissions([.. requests], granted);
    }

    /// <summary>What was asked for and not allowed.</summary>
    public IEnumerable<string> Refused =>
        _requests.Where(request => Code(request) == Forbidden).Select(request => $"{request["verb"]} {request["requestURI"]}: {request["responseStatus"]?["message"]}").Distinct();

    /// <summary>What was granted and used; what no grant covers is there as it was asked for.</summary>
    public IReadOnlySet<Permission> All => _requests.SelectMany(Permissions).ToHashSet();

    private IEnumerable<Permission> Permissions(JsonNode request)
    {
        var about = request["objectRef"]!;
        var subresource = (string?)about["subresource"];
        var asked = new Permission(
            (string?)about["namespace"] ?? "",
            (string?)about["apiGroup"] ?? "",
            (string)about["resource"]! + (subresource is null ? "" : $"/{subresource}"),
            (string)request["verb"]!);
        yield return Covering(asked);

        // An apply that makes the object needs both.
        if (asked.Verb == "patch" && Code(request) == Created) yield return Covering(asked with { Verb = "create" });
    }

    // A grant for the whole cluster covers a namespace, too.
    private Permission Covering(Permission asked) => _granted.Contains(asked with { Scope = "" }) ? asked with { Scope = "" } : asked;

    private static int Code(JsonNode request) => (int?)request["responseStatus"]?["code"] ?? 0;
}
