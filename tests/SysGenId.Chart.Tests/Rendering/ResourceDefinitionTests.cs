using System.Text.Json.Nodes;
using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Rendering;

/// <summary>
/// One definition of SystemGeneration, and one policy: those of config/crd. The chart has them as templates so that upgrades
/// bring them along.
/// </summary>
public sealed class ResourceDefinitionTests
{
    private const string Definition = "CustomResourceDefinition";

    private const string MadeFrom = """
        # Made from config/crd; SYSGENID_UPDATE_GOLDEN=1 makes it anew.

        """;

    private const string WithDefinition = "{{- if .Values.crds.enabled }}\n";

    private const string WithPolicies = "{{- if and .Values.crds.enabled (semverCompare \">=1.30-0\" .Capabilities.KubeVersion.Version) }}\n";

    private const string Keep = """
          {{- if or .Values.crds.keep .Values.commonAnnotations }}
          annotations:
            {{- if .Values.crds.keep }}
            helm.sh/resource-policy: keep
            {{- end }}
            {{- with .Values.commonAnnotations }}
            {{- toYaml . | nindent 4 }}
            {{- end }}
          {{- end }}

        """;

    private const string End = "{{- end }}\n";

    private static string Sources { get; } = Path.Join(ToolPaths.Repository, "config", "crd");

    public static TheoryData<string> Kinds => [Definition, "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_template_is_made_from_the_definition(string kind)
    {
        var source = Source(kind);
        var metadata = source[source.IndexOf("apiVersion:", StringComparison.Ordinal)..source.IndexOf("\nspec:\n", StringComparison.Ordinal)];
        var spec = source[(source.IndexOf("\nspec:\n", StringComparison.Ordinal) + 1)..];
        var labels = "\n  labels:\n    {{- include \"sysgenid.labels\" . | nindent 4 }}\n";

        Assert.DoesNotContain("{{", spec, StringComparison.Ordinal);
        GoldenFile.Matches(
            Path.Join(ChartUnderTest.Directory, "templates", "crd", $"{kind.ToLowerInvariant()}.yaml"),
            (kind == Definition ? WithDefinition : WithPolicies) + MadeFrom + metadata + labels + Keep + spec + End);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_chart_installs_it_and_keeps_it(string kind)
    {
        var expected = YamlText.Documents(Source(kind)).Single();
        var rendered = await FindAsync("default", kind);

        Assert.True(JsonNode.DeepEquals(expected["spec"], rendered["spec"]), "the chart's is another one");
        Assert.Equal("keep", (string)rendered["metadata"]!["annotations"]!["helm.sh/resource-policy"]!);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_goes_with_the_release_only_where_that_is_asked_for(string kind)
    {
        var rendered = await FindAsync("everything", kind);

        Assert.Null(rendered["metadata"]!["annotations"]!["helm.sh/resource-policy"]);
    }

    private static string Source(string kind) => Directory.GetFiles(Sources, "*.yaml")
        .SelectMany(file => File.ReadAllText(file).Split("---\n"))
        .Single(document => document.Contains($"\nkind: {kind}\n", StringComparison.Ordinal));

    private static async Task<JsonObject> FindAsync(string set, string kind) =>
        Assert.Single(await ChartUnderTest.ObjectsAsync(set), item => item.Kind == kind && item.Name == "systemgenerations.sysgenid.io").Content;
}
