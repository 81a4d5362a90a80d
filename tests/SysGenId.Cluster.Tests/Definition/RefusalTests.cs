using System.Text.Json.Nodes;
using k8s.Autorest;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.Cluster.Tests.Definition;

/// <summary>What the API server refuses in a spec, word by word as people read it.</summary>
public sealed class RefusalTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Theory]
    [InlineData("minimumGeneration", -1, "minimumGeneration must be from 0 to 4294967295.")]
    [InlineData("minimumGeneration", 4294967296, "minimumGeneration must be from 0 to 4294967295.")]
    [InlineData("minimumGeneration", "7", "spec.minimumGeneration in body must be of type integer: \"string\"")]
    [InlineData("restoreScope", "Cluster", "supported values: \"Node\", \"Pod\"")]
    [InlineData("restoreFailurePolicy", "fail", "supported values: \"Fail\", \"Ignore\"")]
    [InlineData("publishTimeout", "9ms", "publishTimeout must be a duration from 10ms to 60s, such as 500ms or 5s.")]
    [InlineData("publishTimeout", "61s", "publishTimeout must be a duration from 10ms to 60s, such as 500ms or 5s.")]
    [InlineData("publishTimeout", "5 s", "publishTimeout must be a duration from 10ms to 60s, such as 500ms or 5s.")]
    [InlineData("publishTimeout", "1.5s", "publishTimeout must be a duration from 10ms to 60s, such as 500ms or 5s.")]
    [InlineData("publishTimeout", "1h", "publishTimeout must be a duration from 10ms to 60s, such as 500ms or 5s.")]
    public async Task A_bad_value_is_refused_with_a_sentence(string field, object value, string sentence)
    {
        var refusal = await RefusedAsync("refused", new JsonObject { [field] = JsonValue.Create(value) });

        // In between is the value, which older servers do not show; where the schema itself refuses, the server goes on to say
        // that rules were not checked.
        Assert.StartsWith($"spec.{field}: ", refusal.TrimStart('['), StringComparison.Ordinal);
        Assert.Contains($": {sentence}", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_minimum_is_never_lowered()
    {
        await AcceptedAsync("lowered", new JsonObject { ["minimumGeneration"] = 901 });

        var refusal = await RefusedAsync("lowered", new JsonObject { ["minimumGeneration"] = 900 });

        Assert.EndsWith(": minimumGeneration cannot be lowered: a generation never goes back.", refusal, StringComparison.Ordinal);
        await AcceptedAsync("lowered", new JsonObject { ["minimumGeneration"] = 901 });
        await AcceptedAsync("lowered", new JsonObject { ["minimumGeneration"] = 4294967295 });
    }

    [Theory]
    [InlineData("""{"spec": {"minimumGeneration": null}}""")]
    [InlineData("""{"spec": {}}""")]
    [InlineData("""{"spec": null}""")]
    public async Task A_minimum_is_never_removed(string replacement)
    {
        var name = $"removed-{Math.Abs(replacement.GetHashCode(StringComparison.Ordinal))}";
        await AcceptedAsync(name, new JsonObject { ["minimumGeneration"] = 5, ["restoreScope"] = "Pod" });
        var replaced = JsonNode.Parse(replacement)!.AsObject();
        var current = await Cluster.SendAsync<JsonObject>(HttpMethod.Get, PathOf(name), null, TestContext.Current.CancellationToken);
        current["spec"] = replaced["spec"]?.DeepClone();

        var refusal = await Assert.ThrowsAsync<HttpOperationException>(
            () => Cluster.SendAsync<JsonObject>(HttpMethod.Put, PathOf(name), current, TestContext.Current.CancellationToken));

        Assert.Contains("minimumGeneration cannot be removed: a generation never goes back.", refusal.Response.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_field_is_refused_by_those_who_validate_strictly()
    {
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => fixture.Cluster.ApplyAsync(
            $"{{apiVersion: sysgenid.io/v1alpha1, kind: SystemGeneration, metadata: {{name: strict}}, spec: {{restoreScop: Pod}}}}"));

        Assert.Contains(".spec.restoreScop: field not declared in schema", refusal.Response.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10ms")]
    [InlineData("60000ms")]
    [InlineData("60001ms")]
    [InlineData("00010ms")]
    [InlineData("1s")]
    [InlineData("60s")]
    [InlineData("000000060s")]
    [InlineData("0000000060s")]
    [InlineData("0s")]
    [InlineData("1m")]
    [InlineData("2m")]
    [InlineData("0m")]
    [InlineData("999999999m")]
    [InlineData("999999999ms")]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5S")]
    [InlineData("-5s")]
    [InlineData("5s ")]
    [InlineData("٥s")]
    public async Task A_timeout_is_accepted_exactly_when_the_agent_can_read_it(string text)
    {
        var isReadable = Duration.TryParse(text, out var duration) && duration >= TimeSpan.FromMilliseconds(10) && duration <= TimeSpan.FromSeconds(60);

        Assert.Equal(isReadable, await IsAcceptedAsync("timeout", new JsonObject { ["publishTimeout"] = text }));
    }

    private ClusterConnection Cluster => fixture.Cluster.Admin;

    private static string PathOf(string name) => ResourceAddress.Object<SystemGeneration>(null, name);

    private async Task AcceptedAsync(string name, JsonObject spec) => Assert.Null(await TryAsync(name, spec));

    private async Task<bool> IsAcceptedAsync(string name, JsonObject spec) => await TryAsync(name, spec) is null;

    private async Task<string> RefusedAsync(string name, JsonObject spec) => (await TryAsync(name, spec))!;

    /// <summary>The sentence it is refused with, without the beginning that says which object it is; null: it is not.</summary>
    private async Task<string?> TryAsync(string name, JsonObject spec)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = $"{ApiNames.Group}/{ApiNames.Version}",
            ["kind"] = ApiNames.Kind,
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = spec,
        };
        try
        {
            await WriteAsync(name, body);
            return null;
        }
        catch (HttpOperationException e)
        {
            var prefix = $"{ApiNames.Kind}.{ApiNames.Group} \"{name}\" is invalid: ";
            var message = ApiFault.Of(e, TestContext.Current.CancellationToken)!.Message;
            Assert.StartsWith(prefix, message, StringComparison.Ordinal);
            return message[prefix.Length..];
        }
    }

    private async Task WriteAsync(string name, JsonObject body)
    {
        try
        {
            var change = new V1Patch(body.ToJsonString(), V1Patch.PatchType.MergePatch);
            await Cluster.SendAsync<JsonObject>(HttpMethod.Patch, PathOf(name), change, TestContext.Current.CancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is System.Net.HttpStatusCode.NotFound)
        {
            await Cluster.SendAsync<JsonObject>(HttpMethod.Post, ResourceAddress.Collection<SystemGeneration>(null), body, TestContext.Current.CancellationToken);
        }
    }
}
