using System.Text.Json;
using System.Text.Json.Nodes;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>Applies a JSON patch as RFC 6902 says, as far as the webhook uses it.</summary>
internal static class PatchedPod
{
    public static JsonNode Apply(JsonNode pod, ReadOnlySpan<byte> patch)
    {
        var document = pod.DeepClone();
        foreach (var operation in JsonNode.Parse(patch)!.AsArray())
        {
            var value = operation!["op"]!.GetValue<string>() switch
            {
                "add" => operation["value"]!.DeepClone(),
                "move" => Take(document, operation["from"]!.GetValue<string>()),
                var op => throw new JsonException($"'{op}' is not an operation the webhook may use"),
            };
            Add(document, operation["path"]!.GetValue<string>(), value);
        }

        return document;
    }

    private static void Add(JsonNode document, string pointer, JsonNode? value)
    {
        var (parent, last) = Parent(document, pointer);
        if (parent is JsonObject members) members[last] = value;
        else parent.AsArray().Insert(last == "-" ? parent.AsArray().Count : int.Parse(last), value);
    }

    private static JsonNode? Take(JsonNode document, string pointer)
    {
        var (parent, last) = Parent(document, pointer);
        var taken = parent[int.Parse(last)];
        parent.AsArray().RemoveAt(int.Parse(last));
        return taken;
    }

    private static (JsonNode Parent, string Last) Parent(JsonNode document, string pointer)
    {
        var parts = pointer.Split('/')[1..];
        var parent = parts[..^1].Aggregate(document, (node, part) => (node is JsonArray list ? list[int.Parse(part)] : node[part])
            ?? throw new JsonException($"{pointer} leads nowhere"));
        return (parent, parts[^1]);
    }
}
