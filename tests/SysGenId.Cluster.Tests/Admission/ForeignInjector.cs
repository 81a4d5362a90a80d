using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SysGenId.Cluster.Tests.Admission;

/// <summary>Somebody else's injector: an init container in front of all others, and a container behind.</summary>
internal static class ForeignInjector
{
    public const string Path = "/mutate-foreign";
    public const string Container = "foreign";
    public const string InitContainer = "foreign-init";

    public static async Task AnswerAsync(HttpContext context)
    {
        var review = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        var spec = review["request"]!["object"]!["spec"]!;
        var isThere = spec["containers"]!.AsArray().Any(container => container!["name"]!.GetValue<string>() == Container);
        await context.Response.WriteAsJsonAsync(Answer(review["request"]!["uid"]!.GetValue<string>(), isThere ? [] : Patch(spec)), context.RequestAborted);
    }

    private static JsonArray Patch(JsonNode spec)
    {
        var init = new JsonObject { ["name"] = InitContainer, ["image"] = "example.org/foreign:1" };
        return
        [
            Add("/spec/containers/-", new JsonObject { ["name"] = Container, ["image"] = "example.org/foreign:1" }),
            spec["initContainers"] is null ? Add("/spec/initContainers", new JsonArray(init)) : Add("/spec/initContainers/0", init),
        ];
    }

    private static JsonObject Add(string path, JsonNode value) => new() { ["op"] = "add", ["path"] = path, ["value"] = value };

    private static JsonObject Answer(string uid, JsonArray patch) => new()
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["response"] = new JsonObject
        {
            ["uid"] = uid,
            ["allowed"] = true,
            ["patchType"] = patch.Count == 0 ? null : "JSONPatch",
            ["patch"] = patch.Count == 0 ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(patch.ToJsonString())),
        },
    };
}
