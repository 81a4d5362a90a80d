using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Rendering;

public sealed class GoldenChartTests
{
    public static TheoryData<string> ValueSets => ChartUnderTest.ValueSets;

    public static TheoryData<string> Versions => Helm.Versions;

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task The_chart_makes_what_is_checked_in(string set) => Matches($"{set}.yaml", await ChartUnderTest.RenderAsync(set));

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task Helm_3_makes_the_same_of_it(string set) =>
        Assert.Equal(await ChartUnderTest.RenderAsync(set), await ChartUnderTest.RenderAsync(set, Helm.Three));

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Helm_finds_nothing_to_complain_about(string version)
    {
        var lint = await Helm.RunAsync(version, "lint", "--strict", "--quiet", ChartUnderTest.Directory);

        Assert.True(lint.ExitCode == 0, lint.Output + lint.Errors);
        Assert.DoesNotContain("WARNING", lint.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_what_to_do_next()
    {
        var notes = await NotesAsync();

        Matches("notes.txt", notes);
    }

    [Fact]
    public async Task It_says_what_an_unusual_choice_means()
    {
        var notes = await NotesAsync("--set", "agent.installHook=false", "--set", "webhook.failurePolicy=Fail", "--set", "uninstall.enabled=false");

        Matches("notes-unusual.txt", notes);
    }

    [Fact]
    public async Task It_packs_into_one_archive_that_renders_the_same()
    {
        using var directory = new TemporaryDirectory();
        (await Helm.RunAsync(Helm.Four, "package", ChartUnderTest.Directory, "--destination", directory.Path)).OrThrow();
        var archive = Assert.Single(Directory.GetFiles(directory.Path));

        var packed = await TemplateAsync(archive);

        Assert.Equal(await TemplateAsync(ChartUnderTest.Directory), packed);
    }

    private static void Matches(string name, string text) => GoldenFile.Matches($"tests/SysGenId.Chart.Tests/Golden/{name}", text);

    private static async Task<string> TemplateAsync(string chart) =>
        (await Helm.RunAsync(Helm.Four, "template", ChartUnderTest.Release, chart, "-n", ChartUnderTest.Namespace)).OrThrow().Output;

    private static async Task<string> NotesAsync(params string[] arguments)
    {
        var dry = await Helm.RunAsync(
            Helm.Four, ["install", ChartUnderTest.Release, ChartUnderTest.Directory, "-n", ChartUnderTest.Namespace, "--dry-run=client", .. arguments]);
        var output = dry.OrThrow().Output;
        return output[output.IndexOf("NOTES:\n", StringComparison.Ordinal)..];
    }
}
