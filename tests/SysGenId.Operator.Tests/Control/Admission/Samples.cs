using System.Text.Json;
using System.Text.Json.Nodes;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Control.Admission.Pods;
using SysGenId.Operator.Control.Admission.Review;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>What the tests of the webhook begin with.</summary>
internal static class Samples
{
    public const string Namespace = "shop";

    public static InjectionSettings Settings { get; } = new()
    {
        Namespace = "sysgenid-system",
        SidecarImage = "ghcr.io/sysgenid/sysgenid-sidecar:0.1.0",
        PullPolicy = "IfNotPresent",
    };

    /// <summary>A pod of one container that asks for injection, with annotations in the order name, value.</summary>
    public static JsonObject Pod(params string[] annotations) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = "web",
            ["labels"] = new JsonObject { ["sysgenid.io/inject"] = "true" },
            ["annotations"] = new JsonObject(annotations.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (JsonNode?)pair[1]))),
        },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "example.org/web:1" }) },
    };

    public static Pod Read(JsonNode pod) => JsonSerializer.Deserialize(pod, AdmissionJson.Default.Pod)!;

    public static InjectionDecision Decide(JsonNode pod, IReadOnlyDictionary<string, string>? labels = null, InjectionSettings? settings = null) =>
        new PodInjector(settings ?? Settings).Decide(Read(pod), Namespace, labels);

    /// <summary>The pod that comes of it.</summary>
    public static JsonNode Inject(JsonNode pod) => PatchedPod.Apply(pod, Decide(pod).Patch!.ToJson());

    /// <summary>A review of a pod's creation.</summary>
    public static JsonObject Review(JsonNode? pod, string operation = "CREATE") => new()
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = "705ab4f5-6393-11e8-b7cc-42010a800002",
            ["kind"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["kind"] = "Pod" },
            ["resource"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["resource"] = "pods" },
            ["name"] = "web",
            ["namespace"] = Namespace,
            ["operation"] = operation,
            ["userInfo"] = new JsonObject { ["username"] = "admin" },
            ["object"] = pod?.DeepClone(),
            ["oldObject"] = null,
            ["dryRun"] = false,
            ["options"] = new JsonObject { ["kind"] = "CreateOptions" },
        },
    };
}
