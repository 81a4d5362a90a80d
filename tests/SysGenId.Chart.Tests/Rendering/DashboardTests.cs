using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Rendering;

public sealed partial class DashboardTests
{
    private static readonly string _metrics = File.ReadAllText(Path.Join(ToolPaths.Repository, "docs", "metrics.md"));

    private static readonly JsonNode _dashboard = JsonNode.Parse(File.ReadAllText(Path.Join(ChartUnderTest.Directory, "dashboards", "sysgenid.json")))!;

    public static TheoryData<string> Panels => [.. _dashboard["panels"]!.AsArray().Select(panel => (string)panel!["title"]!)];

    [Theory]
    [MemberData(nameof(Panels))]
    public void A_panel_asks_for_metrics_there_are(string title)
    {
        var panel = _dashboard["panels"]!.AsArray().Single(panel => (string)panel!["title"]! == title)!;
        var asked = panel["targets"]!.AsArray().SelectMany(target => Metric().Matches((string)target!["expr"]!)).Select(match => match.Value).Distinct();

        Assert.All(asked, name => Assert.Contains($"`{HistogramPart().Replace(name, "")}`", _metrics, StringComparison.Ordinal));
        Assert.NotEmpty((string)panel["description"]!);
    }

    [GeneratedRegex(@"sysgenid_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex("_bucket$")]
    private static partial Regex HistogramPart();
}
