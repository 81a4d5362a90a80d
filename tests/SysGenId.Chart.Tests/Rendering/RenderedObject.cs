using System.Text.Json.Nodes;

namespace SysGenId.Chart.Tests.Rendering;

/// <summary>One object of the chart.</summary>
internal sealed record RenderedObject(JsonObject Content)
{
    public string Kind => (string)Content["kind"]!;

    public string Name => (string)Content["metadata"]!["name"]!;

    /// <summary>Such as <c>DaemonSet/sysgenid-agent</c>.</summary>
    public string Id => $"{Kind}/{Name}";

    /// <summary>The pod that a workload makes.</summary>
    public JsonNode PodSpec => Content["spec"]!["template"]!["spec"]!;

    /// <summary>Its only container.</summary>
    public JsonNode Container => Assert.Single(PodSpec["containers"]!.AsArray())!;
}
