using System.Text.Json.Nodes;
using CsCheck;
using SysGenId.Operator.Control.Admission;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>What holds for every pod.</summary>
public sealed class InjectionProperties
{
    private static readonly Gen<JsonNode?> _unknown = Gen.OneOf(
        Gen.Int.Select(number => (JsonNode?)number),
        Gen.String.Select(text => (JsonNode?)text.Replace('\uFFFF', ' ')),
        Gen.Bool.Select(value => (JsonNode?)new JsonObject { ["deep"] = new JsonArray(value, null, 1.50) }),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonArray?> _mounts = Of("/data", "/run", "/dev", "/run/sysgenid-x", "/run/sysgenid", "/dev/sysgenid/")
        .Select(path => (JsonNode?)new JsonObject { ["name"] = "data", ["mountPath"] = path, ["odd"] = 1 }).Array[0, 2]
        .Select(mounts => new JsonArray(mounts)).Null();

    private static readonly Gen<JsonArray> _terms = Of(
            """{"matchExpressions":[{"key":"zone","operator":"In","values":["a"]}]}""",
            """{"matchFields":[{"key":"metadata.name","operator":"In","values":["n"]}]}""",
            """{"matchExpressions":[{"key":"sysgenid.io/gate","operator":"In","values":["proven"]}],"odd":1}""",
            "{}")
        .Array[1, 3].Select(terms => new JsonArray([.. terms.Select(term => JsonNode.Parse(term))]));

    private static readonly Gen<JsonObject?> _affinity = Gen.OneOf(
        Gen.Const((JsonObject?)null),
        Gen.Const(0).Select(_ => (JsonObject?)new JsonObject { ["podAffinity"] = new JsonObject() }),
        Gen.Const(0).Select(_ => (JsonObject?)new JsonObject { ["nodeAffinity"] = new JsonObject { ["odd"] = 1 } }),
        _terms.Select(terms => (JsonObject?)new JsonObject
        {
            ["nodeAffinity"] = new JsonObject { ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject { ["nodeSelectorTerms"] = terms } },
        }));

    private static readonly Gen<JsonArray> _containers = Gen.Select(_mounts, _unknown, Gen.Bool).Array[1, 3].Select(parts => new JsonArray([.. parts.Select(Container)]));

    private static readonly Gen<JsonObject> _pods =
        Gen.Select(_containers, _containers.Null(), _affinity, _unknown, Gen.Bool, Gen.Bool, Of(null, "c0", "c0,i0")).Select(Pod);

    private static readonly string[] _lists = ["initContainers", "containers"];
    private static readonly string[] _listsWithNames = ["volumes", "initContainers"];

    private static readonly HashSet<string> _made =
        ["volumes", "initContainers", "volumeMounts", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms", "matchExpressions"];

    [Fact]
    public void Whatever_is_injected_leaves_everything_else_as_it_was() => _pods.Sample(pod =>
    {
        var decision = Samples.Decide(pod);
        if (decision.Patch is not { } patch) return;
        var patched = PatchedPod.Apply(pod, patch.ToJson());
        Remove(patched);
        Normalise(patched);
        var original = pod.DeepClone();
        Remove(original);
        Normalise(original);
        Assert.Equal(original.ToJsonString(), patched.ToJsonString());
    }, iter: 5_000);

    [Fact]
    public void A_patched_pod_needs_nothing_more() => _pods.Sample(pod =>
    {
        if (Samples.Decide(pod).Patch is not { } patch) return;
        Assert.Equal(InjectionReason.AlreadyInjected, Samples.Decide(PatchedPod.Apply(pod, patch.ToJson())).Reason);
    }, iter: 5_000);

    [Fact]
    public void The_same_pod_comes_to_the_same_bytes() => _pods.Sample(pod =>
        Assert.Equal(Samples.Decide(pod).Patch?.ToJson(), Samples.Decide(pod.DeepClone()).Patch?.ToJson()), iter: 1_000);

    [Fact]
    public void In_whatever_order_injectors_come_the_same_containers_have_the_page() => Gen.Select(_pods, Gen.Bool).Sample((pod, isInit) =>
    {
        if (Samples.Decide(pod).Outcome != InjectionOutcome.Injected) return;
        var (before, after) = (pod.DeepClone(), Samples.Inject(pod));
        foreach (var target in new[] { before, after }) AddForeign(target, isInit);
        var (first, second) = (Samples.Decide(before).Patch, Samples.Decide(after).Patch);
        var one = PatchedPod.Apply(before, first!.ToJson());
        var other = second is null ? after : PatchedPod.Apply(after, second.ToJson());
        Assert.Equal(WithPage(one), WithPage(other));
    }, iter: 2_000);

    [Fact]
    public void The_sidecar_starts_before_whatever_has_the_page() => _pods.Sample(pod =>
    {
        if (Samples.Decide(pod).Patch is not { } patch) return;
        var first = PatchedPod.Apply(pod, patch.ToJson())["spec"]!["initContainers"]![0]!;
        Assert.Equal(("sysgenid-sidecar", "Always"), (first["name"]!.GetValue<string>(), first["restartPolicy"]!.GetValue<string>()));
    }, iter: 1_000);

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static JsonNode Container((JsonArray? Mounts, JsonNode? Unknown, bool HasMounts) part, int index)
    {
        var container = new JsonObject { ["name"] = $"c{index}", ["image"] = "x", ["odd"] = part.Unknown?.DeepClone() };
        if (part.HasMounts) container["volumeMounts"] = part.Mounts?.DeepClone();
        return container;
    }

    private static JsonObject Pod(
        JsonArray containers, JsonArray? init, JsonObject? affinity, JsonNode? unknown, bool hasDevice, bool hasVolumes, string? chosen)
    {
        var pod = Samples.Pod();
        var (metadata, spec) = (pod["metadata"]!, pod["spec"]!);
        metadata["odd"] = unknown?.DeepClone();
        if (hasDevice) metadata["annotations"]!["sysgenid.io/device"] = "true";
        spec["containers"] = containers.DeepClone();
        if (affinity is not null) spec["affinity"] = affinity.DeepClone();
        if (hasVolumes) spec["volumes"] = new JsonArray(new JsonObject { ["name"] = "data", ["odd"] = unknown?.DeepClone() });
        if (init is null) return pod;
        spec["initContainers"] = init.DeepClone();
        foreach (var container in spec["initContainers"]!.AsArray()) container!["name"] = "i" + container["name"]!.GetValue<string>()[1..];
        if (chosen is not null) metadata["annotations"]!["sysgenid.io/containers"] = chosen;
        return pod;
    }

    private static void AddForeign(JsonNode pod, bool isInit)
    {
        var foreign = new JsonObject { ["name"] = "foreign", ["image"] = "y" };
        if (!isInit) pod["spec"]!["containers"]!.AsArray().Add((JsonNode)foreign);
        else if (pod["spec"]!["initContainers"] is JsonArray list) list.Insert(0, foreign);
        else pod["spec"]!["initContainers"] = new JsonArray(foreign);
    }

    private static List<string> WithPage(JsonNode pod) =>
    [
        .. _lists
            .SelectMany(list => pod["spec"]![list]?.AsArray() ?? [])
            .Where(container => container!["volumeMounts"]?.AsArray().Any(mount => mount!["name"]!.GetValue<string>() == "sysgenid") == true)
            .Select(container => container!["name"]!.GetValue<string>()),
    ];

    // Takes away what is ours; an empty list and none are the same to whoever reads a pod.
    private static void Remove(JsonNode pod)
    {
        var spec = pod["spec"]!.AsObject();
        foreach (var list in _listsWithNames) RemoveWhere(spec[list], element => Name(element).StartsWith("sysgenid", StringComparison.Ordinal));
        foreach (var container in _lists.SelectMany(list => spec[list]?.AsArray() ?? []))
            RemoveWhere(container!["volumeMounts"], mount => Name(mount) == "sysgenid");
        var terms = spec["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"]?.AsArray() ?? [];
        foreach (var term in terms) RemoveWhere(term!["matchExpressions"], expression => expression["key"]!.GetValue<string>() == "sysgenid.io/gate");
    }

    private static void RemoveWhere(JsonNode? list, Func<JsonNode, bool> isOurs)
    {
        foreach (var element in (list?.AsArray() ?? []).Where(element => isOurs(element!)).ToList()) list!.AsArray().Remove(element);
    }

    // Lists and objects that only exist for our sake, once what is ours is out of them.
    private static void Normalise(JsonNode? node)
    {
        if (node is JsonArray elements) foreach (var element in elements) Normalise(element);
        if (node is not JsonObject members) return;
        foreach (var (key, value) in members.ToList())
        {
            Normalise(value);
            if (_made.Contains(key) && value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 }) members.Remove(key);
        }

        if (members["nodeSelectorTerms"] is JsonArray terms && terms.All(term => term is JsonObject { Count: 0 })) members.Remove("nodeSelectorTerms");
    }


    private static string Name(JsonNode element) => element["name"]!.GetValue<string>();
}
