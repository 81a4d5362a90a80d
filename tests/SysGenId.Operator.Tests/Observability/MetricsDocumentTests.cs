using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Observability;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Observability;

/// <summary>docs/metrics.md against what is served, word by word, and both against Prometheus' conventions.</summary>
public sealed class MetricsDocumentTests
{
    private static readonly string _document = File.ReadAllText(Path.Join(ToolPaths.Repository, "docs", "metrics.md"));

    [Fact]
    public async Task The_document_lists_what_an_agent_serves()
    {
        Assert.Equal(
            MetricRow.InDocument(_document, "Agent", "Both").OrderBy(row => row.Name),
            MetricRow.InScrape(await AgentScrapeAsync()).OrderBy(row => row.Name));
    }

    [Fact]
    public async Task The_document_lists_what_a_controller_serves()
    {
        Assert.Equal(
            MetricRow.InDocument(_document, "Controller", "Both").OrderBy(row => row.Name),
            MetricRow.InScrape(await ControllerScrapeAsync()).OrderBy(row => row.Name));
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("controller")]
    public async Task Promtool_finds_nothing_to_complain_about(string which)
    {
        Requires.That(File.Exists(ToolPaths.Promtool), $"needs {ToolPaths.Promtool}: run eng/install-test-tools.sh");
        var scrape = which == "agent" ? await AgentScrapeAsync() : await ControllerScrapeAsync();
        await using var promtool = ChildProcess.Start(ToolPaths.Promtool, "check", "metrics");
        await promtool.Input.WriteAsync(scrape);
        promtool.Input.Close();
        await promtool.ExitAsync();

        // Names of the runtime's own metrics are not ours to choose.
        var complaints = (promtool.Output + promtool.Errors).Split('\n').Where(line => line.Contains("sysgenid_", StringComparison.Ordinal));
        Assert.Empty(complaints);
        Assert.True(promtool.ExitCode is 0 or 3, promtool.Evidence);
    }

    private static async Task<string> AgentScrapeAsync()
    {
        await using var agent = await ObservedServer.OfAgentAsync(new FakeNodeGauges());
        UseOnce(agent);
        return await agent.ScrapeAsync();
    }

    private static async Task<string> ControllerScrapeAsync()
    {
        await using var controller = await ObservedServer.OfControllerAsync(new FakeControllerGauges());
        controller.Get<IAdmissionMetrics>().Decided("injected", "Injected", TimeSpan.FromMilliseconds(1));
        UseOnce(controller);
        return await controller.ScrapeAsync();
    }

    // A metric with labels has no series before its first use.
    private static void UseOnce(ObservedServer server)
    {
        server.Get<IReconcileMetrics>().Reconciled("status", ReconcileResult.Changed);
        server.Get<ApiRequestMetrics>().Answered(new ApiRequest("get", "nodes"), 200, TimeSpan.FromMilliseconds(1));
    }
}
