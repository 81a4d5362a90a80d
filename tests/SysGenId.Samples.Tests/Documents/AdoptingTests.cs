using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SysGenId.Operator.Api;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Control.Admission.Pods;
using SysGenId.Operator.Control.Admission.Review;
using SysGenId.TestSupport;

namespace SysGenId.Samples.Tests.Documents;

/// <summary>docs/adopting.md: its pods are injected by the webhook as it says, and its code is that of the samples.</summary>
public sealed class AdoptingTests
{
    private static readonly InjectionSettings _settings = new()
    {
        Namespace = "sysgenid-system",
        SidecarImage = "ghcr.io/sysgenid/sysgenid-sidecar:0.1.0",
    };

    private static readonly string[] _annotations = [ApiNames.ContainersAnnotation, ApiNames.DeviceAnnotation];

    public static TheoryData<string> Names => [.. AdoptingPage.Deployments.Keys];

    [Fact]
    public void It_has_three_pods() => Assert.Equal(["edge", "ids", "tokens"], AdoptingPage.Deployments.Keys.Order());

    [Theory, MemberData(nameof(Names))]
    public void Its_pods_are_injected(string name)
    {
        var decision = new PodInjector(_settings).Decide(Pod(name), "shop", null);

        Assert.True(decision.Reason == InjectionReason.Injected, decision.Message);
        var patch = Encoding.UTF8.GetString(decision.Patch!.ToJson());
        Assert.Equal(name == "edge", patch.Contains("/dev/sysgenid", StringComparison.Ordinal));
        Assert.Equal(name == "edge", patch.Contains(ApiNames.GateLabel, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_deployments_select_their_own_pods(string name)
    {
        var spec = AdoptingPage.Deployments[name]["spec"]!;
        foreach (var (label, value) in spec["selector"]!["matchLabels"]!.AsObject())
            Assert.Equal(value!.GetValue<string>(), spec["template"]!["metadata"]!["labels"]![label]!.GetValue<string>());
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_labels_and_annotations_are_those_the_webhook_knows(string name)
    {
        var metadata = AdoptingPage.Deployments[name]["spec"]!["template"]!["metadata"]!;
        Assert.All(OfSysGenId(metadata["labels"]), key => Assert.Equal(ApiNames.InjectLabel, key));
        Assert.All(OfSysGenId(metadata["annotations"]), key => Assert.Contains(key, _annotations));
    }

    [Theory]
    [InlineData("csharp", "samples/aspnet/Program.cs", "samples/aspnet/TokenKey.cs")]
    [InlineData("python", "samples/event-loop/event_loop.py")]
    public void Its_code_is_that_of_the_samples(string language, params string[] files)
    {
        var samples = string.Concat(files.Select(file => Unindented(File.ReadAllText(Path.Combine(ToolPaths.Repository, file)))));

        Assert.NotEmpty(AdoptingPage.Blocks(language));
        Assert.All(AdoptingPage.Blocks(language), block => Assert.Contains(Unindented(block), samples, StringComparison.Ordinal));
    }

    [Fact]
    public void Its_links_lead_somewhere() => Assert.All(
        AdoptingPage.Links, link => Assert.True(Path.Exists(Path.Combine(ToolPaths.Repository, "docs", link)), $"{link} does not exist"));

    private static IEnumerable<string> OfSysGenId(JsonNode? map) =>
        (map?.AsObject() ?? []).Select(pair => pair.Key).Where(key => key.StartsWith(ApiNames.Group, StringComparison.Ordinal));

    private static Pod Pod(string name)
    {
        var template = AdoptingPage.Deployments[name]["spec"]!["template"]!.DeepClone().AsObject();
        return JsonSerializer.Deserialize(template, AdmissionJson.Default.Pod)!;
    }

    private static string Unindented(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()));
}
