using System.Text.Json.Nodes;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>What was asked of the API server, one entry per finished request.</summary>
internal sealed class AuditLog : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Path => _directory.File("audit.log");

    /// <summary>All entries so far.</summary>
    public IReadOnlyList<AuditEntry> Entries
    {
        get
        {
            if (!File.Exists(Path)) return [];
            using var reader = new StreamReader(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            // The last line may be half written.
            return [.. reader.ReadToEnd().Split('\n')[..^1].Select(Parse)];
        }
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private static AuditEntry Parse(string line)
    {
        var json = JsonNode.Parse(line)!;
        var about = json["objectRef"];
        string Text(JsonNode? node, string field) => node?[field]?.GetValue<string>() ?? "";
        return new AuditEntry(
            Text(json["user"], "username"), Text(json, "verb"), Text(about, "apiGroup"), Text(about, "resource"), Text(about, "subresource"),
            Text(about, "namespace"), Text(about, "name"), json["responseStatus"]?["code"]?.GetValue<int>() ?? 0, Text(json, "requestURI"), Text(json, "stage"));
    }
}
