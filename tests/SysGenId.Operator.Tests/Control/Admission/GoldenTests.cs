using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SysGenId.Operator.Control.Admission;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>
/// A folder a case: the pod (and its namespace's labels, where they are known), what is decided, the patch, and the patched pod.
/// SYSGENID_UPDATE_GOLDEN=1 writes all but the first anew; then the diff is read like any other.
/// </summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions _readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_pod_comes_to_what_is_checked_in(string name)
    {
        var folder = Path.Join(Folder(), name);
        var pod = JsonNode.Parse(File.ReadAllText(Path.Join(folder, "pod.json")))!;
        var labels = Path.Join(folder, "namespace.json") is var file && File.Exists(file)
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)) : null;
        var decision = Samples.Decide(pod, labels);
        GoldenFile.Matches(Path.Join(folder, "decision.txt"), Text(decision));
        GoldenFile.Matches(Path.Join(folder, "patch.json"), decision.Patch is { } patch ? Indented(JsonNode.Parse(patch.ToJson())!) : null);
        var patched = decision.Patch is null ? null : PatchedPod.Apply(pod, decision.Patch.ToJson());
        GoldenFile.Matches(Path.Join(folder, "patched.json"), patched is null ? null : Indented(patched));
        if (patched is not null) Assert.Equal(InjectionReason.AlreadyInjected, Samples.Decide(patched, labels).Reason);
    }

    private static string Text(InjectionDecision decision) =>
        $"{decision.Code} {decision.Reason}\n{decision.Message}\n{(decision.Warning is null ? "" : $"warning: {decision.Warning}\n")}";

    private static string Indented(JsonNode node) => node.ToJsonString(_readable) + "\n";

    internal static string Folder([CallerFilePath] string file = "") => Path.Join(Path.GetDirectoryName(file), "Golden");
}
