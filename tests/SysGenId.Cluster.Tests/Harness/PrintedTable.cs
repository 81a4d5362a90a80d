using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>What <c>kubectl get</c> prints: the server makes the table, kubectl only draws it.</summary>
/// <param name="Header">The columns, in capitals, with a blank between them.</param>
/// <param name="Rows">The cells of each row, with a blank between them; an age reads <c>&lt;age&gt;</c>.</param>
internal sealed record PrintedTable(string Header, IReadOnlyList<string> Rows)
{
    /// <summary>Asks for an object or a list as a table.</summary>
    public static async Task<PrintedTable> ReadAsync(TestCluster cluster, string path, bool isWide = false)
    {
        var connection = cluster.Open(context: null, new AsTable());
        var table = await connection.SendAsync<JsonObject>(HttpMethod.Get, path, null, TestContext.Current.CancellationToken);
        var columns = table["columnDefinitions"]!.AsArray()
            .Select((column, index) => (Name: column!["name"]!.GetValue<string>(), IsWide: column["priority"]!.GetValue<int>() > 0, Index: index))
            .Where(column => isWide || !column.IsWide)
            .ToList();
        string Cell(JsonNode row, (string Name, bool IsWide, int Index) column) =>
            column.Name == "Age" ? "<age>" : row["cells"]![column.Index]?.ToString() ?? "<none>";
        return new PrintedTable(
            string.Join(' ', columns.Select(column => column.Name.ToUpperInvariant())),
            [.. table["rows"]!.AsArray().Select(row => string.Join(' ', columns.Select(column => Cell(row!, column))))]);
    }

    private sealed class AsTable : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Accept.Clear();
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/json;as=Table;v=v1;g=meta.k8s.io"));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
