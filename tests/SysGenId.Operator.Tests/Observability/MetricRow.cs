using System.Text.RegularExpressions;

namespace SysGenId.Operator.Tests.Observability;

/// <summary>What is known of a metric from outside.</summary>
internal sealed partial record MetricRow(string Name, string Type, string Labels, string Meaning)
{
    /// <summary>The rows of the tables below some headings of docs/metrics.md.</summary>
    public static IEnumerable<MetricRow> InDocument(string document, params string[] headings) =>
        from section in document.Split("\n## ").Skip(1)
        where headings.Contains(section.Split('\n')[0])
        from Match row in Row().Matches(section)
        let labels = Word().Matches(row.Groups[3].Value).Select(label => label.Groups[1].Value)
        select new MetricRow(row.Groups[1].Value, row.Groups[2].Value, string.Join(',', labels), row.Groups[4].Value);

    /// <summary>Our own metrics of a scrape.</summary>
    public static IEnumerable<MetricRow> InScrape(string scrape)
    {
        foreach (Match metric in Metric().Matches(scrape))
        {
            var name = metric.Groups[1].Value;
            var series = Regex.Match(scrape, $@"^{name}(?:_count)?(?:\{{(.*)\}})? ", RegexOptions.Multiline);
            Assert.True(series.Success, $"{name} has no series");
            var labels = Label().Matches(series.Groups[1].Value).Select(label => label.Groups[1].Value);
            yield return new MetricRow(name, metric.Groups[3].Value, string.Join(',', labels), metric.Groups[2].Value);
        }
    }

    [GeneratedRegex(@"^\| `(\w+)` \| (\w+) \|(.*?)\| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(.*?)`")]
    private static partial Regex Word();

    [GeneratedRegex(@"^# HELP (sysgenid_\w+) (.*)\n# TYPE \1 (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Metric();

    [GeneratedRegex(@"(\w+)=""")]
    private static partial Regex Label();
}
