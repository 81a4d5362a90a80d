using System.Text.Json.Nodes;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Admission;

/// <summary>The checked-in pods, through a real API server: its own patching comes to the checked-in result.</summary>
public sealed class GoldenPodTests(InjectionFixture fixture) : IClassFixture<InjectionFixture>
{
    private static readonly string _folder = Path.Join(ToolPaths.Repository, "tests", "SysGenId.Operator.Tests", "Control", "Admission", "Golden");

    public static TheoryData<string> Cases =>
    [
        .. Directory.GetDirectories(_folder).Where(path => File.Exists(Path.Join(path, "patched.json"))).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_pod_is_stored_as_is_checked_in(string name)
    {
        await fixture.Cluster.NamespaceAsync("golden", ("sysgenid.io/inject", "true"));
        var injected = await CreateAsync(name, "pod.json");
        var expected = await CreateAsync(name, "patched.json");
        Assert.Equal(expected["spec"]!.ToJsonString(), injected["spec"]!.ToJsonString());
        Assert.Contains("\"sysgenid-sidecar\"", injected["spec"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private Task<JsonObject> CreateAsync(string name, string file)
    {
        var pod = JsonNode.Parse(File.ReadAllText(Path.Join(_folder, name, file)))!.AsObject();
        pod["metadata"]!["namespace"] = "golden";
        return fixture.CreateAsync("golden", pod, isDryRun: true);
    }
}
