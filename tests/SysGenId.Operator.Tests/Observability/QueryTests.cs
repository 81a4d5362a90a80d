using System.Text.Json;
using System.Text.RegularExpressions;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Observability;

/// <summary>Dashboard and example alerts ask only for what is served.</summary>
public sealed partial class QueryTests
{
    private static readonly string _dashboard = Path.Join(ToolPaths.Repository, "charts", "sysgenid", "dashboards", "sysgenid.json");
    private static readonly string _alerts = Path.Join(ToolPaths.Repository, "docs", "alerts.yaml");

    private static readonly Dictionary<string, MetricRow> _metrics = MetricRow
        .InDocument(File.ReadAllText(Path.Join(ToolPaths.Repository, "docs", "metrics.md")), "Agent", "Controller", "Both")
        .ToDictionary(row => row.Name);

    // Put on every series by whoever scrapes.
    private static readonly string[] _scraped = ["node", "instance", "pod", "job"];

    [Fact]
    public void Every_metric_and_label_of_a_query_is_served()
    {
        var queries = DashboardQueries().Concat(AlertQueries()).ToList();
        Assert.True(queries.Count > 20);
        foreach (var query in queries)
        {
            var names = Name().Matches(query).Select(match => Base(match.Value)).ToList();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.Contains(name, _metrics.Keys));
            var allowed = names.SelectMany(name => _metrics[name].Labels.Split(',')).Concat(_scraped).Append("le");
            Assert.All(Labels(query), label => Assert.Contains(label, allowed));
        }
    }

    [Fact]
    public async Task Promtool_can_read_every_query()
    {
        Requires.That(File.Exists(ToolPaths.Promtool), $"needs {ToolPaths.Promtool}: run eng/install-test-tools.sh");
        (await ChildProcess.RunAsync(ToolPaths.Promtool, "check", "rules", _alerts)).OrThrow();
        using var directory = new TemporaryDirectory();
        var rules = DashboardQueries().Select((query, number) => $"  - {{record: 'dashboard:{number}', expr: '{Resolved(query)}'}}");
        File.WriteAllText(directory.File("rules.yaml"), "groups:\n- name: dashboard\n  rules:\n" + string.Join('\n', rules) + "\n");
        (await ChildProcess.RunAsync(ToolPaths.Promtool, "check", "rules", directory.File("rules.yaml"))).OrThrow();
    }

    private static IEnumerable<string> DashboardQueries() => Expressions(JsonElement.Parse(File.ReadAllText(_dashboard)));

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "expr" ? [property.Value.GetString()!] : Expressions(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    private static IEnumerable<string> AlertQueries() => AlertExpression().Matches(File.ReadAllText(_alerts)).Select(match => match.Groups[1].Value);

    // A histogram is asked for by its parts.
    private static string Base(string name) => HistogramPart().Replace(name, "") is var stem && _metrics.TryGetValue(stem, out var row) && row.Type == "histogram" ? stem : name;

    private static IEnumerable<string> Labels(string query) =>
        Selector().Matches(query).SelectMany(selector => Matcher().Matches(selector.Value).Select(match => match.Groups[1].Value))
            .Concat(Grouping().Matches(query).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)));

    private static string Resolved(string query) => query.Replace("$__range", "1h", StringComparison.Ordinal)
        .Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$node", ".*", StringComparison.Ordinal);

    [GeneratedRegex(@"\bsysgenid_\w+")]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex(@"^\s+expr: (.*)$", RegexOptions.Multiline)]
    private static partial Regex AlertExpression();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|on|without|ignoring) \(([^)]*)\)")]
    private static partial Regex Grouping();
}
