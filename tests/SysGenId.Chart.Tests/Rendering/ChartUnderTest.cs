using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Rendering;

/// <summary>The chart of this repository, rendered as users do it.</summary>
internal static class ChartUnderTest
{
    public const string Namespace = "sysgenid-system";
    public const string Release = "sysgenid";

    public static string Directory { get; } = Path.Join(ToolPaths.Repository, "charts", "sysgenid");

    private static string Sets { get; } = Path.Join(ToolPaths.Repository, "tests", "SysGenId.Chart.Tests", "ValueSets");

    /// <summary>The names of the checked-in value sets.</summary>
    public static TheoryData<string> ValueSets => [.. System.IO.Directory.GetFiles(Sets, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    /// <summary>Everything that such a set makes of the chart, in the order of the templates' names: Helm sorts kinds it does not know as it likes.</summary>
    /// <remarks>The Kubernetes to render for is named in the set's first line, as <c># Kubernetes 1.34.0</c>.</remarks>
    public static async Task<string> RenderAsync(string set, string helm = Helm.Four)
    {
        var values = Path.Join(Sets, $"{set}.yaml");
        var version = File.ReadLines(values).First().Replace("# Kubernetes ", "", StringComparison.Ordinal);
        var all = (await Helm.RunAsync(helm, ["template", Release, Directory, "-n", Namespace, "--kube-version", version, "-f", values])).OrThrow().Output;
        return string.Concat(all.Split("---\n").Order(StringComparer.Ordinal).Where(text => text.Length > 0).Select(text => $"---\n{text}"));
    }

    public static async Task<IReadOnlyList<RenderedObject>> ObjectsAsync(string set) =>
        [.. YamlText.Documents(await RenderAsync(set)).Select(content => new RenderedObject(content))];
}
