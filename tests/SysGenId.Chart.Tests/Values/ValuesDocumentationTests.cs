using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SysGenId.Chart.Tests.Rendering;
using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Values;

public sealed class ValuesDocumentationTests
{
    private const string Begin = "<!-- values: made from values.yaml, SYSGENID_UPDATE_GOLDEN=1 makes it anew -->\n";
    private const string End = "<!-- end of values -->\n";

    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Every_value_has_its_comment()
    {
        var silent = ValuesFile.Entries.Where(entry =>
            entry.Comment.Length == 0
            && !ValuesFile.Entries.Any(other => other.IsIn(entry))
            && !ValuesFile.Documented.Any(other => entry.IsIn(other)));

        Assert.Empty(silent.Select(entry => entry.Path));
    }

    [Fact]
    public void The_readme_has_every_value()
    {
        var path = Path.Join(ChartUnderTest.Directory, "README.md");
        var readme = File.ReadAllText(path);
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));

        GoldenFile.Matches(path, readme[..begin] + Table() + readme[end..]);
    }

    [Fact]
    public void The_schema_knows_exactly_the_values_there_are()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Join(ChartUnderTest.Directory, "values.schema.json")))!;
        var known = Properties(schema, "").Where(path => path != "global" && !path.StartsWith("webhook.certificates.certManager.issuerRef.", StringComparison.Ordinal));
        var there = ValuesFile.Entries
            .Where(entry => !ValuesFile.Documented.Any(other => entry.IsIn(other)))
            .Select(entry => entry.Path);

        Assert.Equal(there.Order(StringComparer.Ordinal), known.Where(path => !ValuesFile.Documented.Any(other => path.StartsWith(other.Path + ".", StringComparison.Ordinal))).Order(StringComparer.Ordinal));
    }

    private static string Table()
    {
        var table = new StringBuilder("| value | default | what it is |\n|---|---|---|\n");
        foreach (var entry in ValuesFile.Documented)
            table.Append($"| `{entry.Path}` | `{ValuesFile.Default(entry)?.ToJsonString(_plain) ?? "null"}` | {entry.Comment} |\n");
        return table.ToString();
    }

    private static IEnumerable<string> Properties(JsonNode schema, string parent) =>
        schema["properties"]?.AsObject().SelectMany(property =>
        {
            var path = parent + property.Key;
            return Properties(property.Value!, path + ".").Prepend(path);
        }) ?? [];
}
