using System.Text.Json.Nodes;
using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Rendering;

/// <summary>One definition of SystemGeneration: that of config/crd. The chart has it as a template so that upgrades bring it along.</summary>
public sealed class ResourceDefinitionTests
{
    private const string Head = """
        {{- if .Values.crds.enabled }}
        # Made from config/crd/systemgenerations.yaml; SYSGENID_UPDATE_GOLDEN=1 makes it anew.
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: systemgenerations.sysgenid.io
          labels:
            {{- include "sysgenid.labels" . | nindent 4 }}
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

    private const string Tail = "{{- end }}\n";

    private static string Definition { get; } = File.ReadAllText(Path.Join(ToolPaths.Repository, "config", "crd", "systemgenerations.yaml"));

    [Fact]
    public void The_template_is_made_from_the_definition()
    {
        var spec = Definition[(Definition.IndexOf("\nspec:\n", StringComparison.Ordinal) + 1)..];

        Assert.DoesNotContain("{{", spec, StringComparison.Ordinal);
        Golden.MatchesFile(Path.Join(ChartUnderTest.Directory, "templates", "crd", "customresourcedefinition.yaml"), Head + spec + Tail);
    }

    [Fact]
    public async Task The_chart_installs_the_definition_and_keeps_it()
    {
        var expected = YamlText.Documents(Definition).Single();
        var rendered = await FindAsync("default");

        Assert.True(JsonNode.DeepEquals(expected["spec"], rendered["spec"]), "the chart's definition is another one");
        Assert.Equal((string)expected["metadata"]!["name"]!, (string)rendered["metadata"]!["name"]!);
        Assert.Equal("keep", (string)rendered["metadata"]!["annotations"]!["helm.sh/resource-policy"]!);
    }

    [Fact]
    public async Task The_definition_goes_with_the_release_only_where_that_is_asked_for()
    {
        var rendered = await FindAsync("everything");

        Assert.Null(rendered["metadata"]!["annotations"]!["helm.sh/resource-policy"]);
    }

    private static async Task<JsonObject> FindAsync(string set) =>
        Assert.Single(await ChartUnderTest.ObjectsAsync(set), item => item.Kind == "CustomResourceDefinition").Content;
}
