using System.Net;
using System.Text.Json.Nodes;
using SysGenId.Operator.Control.Admission;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>The webhook over HTTP, in this process.</summary>
public sealed class EndpointTests
{
    [Fact]
    public async Task A_decision_is_answered_counted_and_logged()
    {
        await using var webhook = await WebhookServer.StartAsync();
        var (status, body) = await webhook.PostAsync(Samples.Review(Samples.Pod()).ToJsonString());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(JsonNode.Parse(body)!["response"]!["patch"]);
        await webhook.CountsAsync("injected", "Injected");
        await webhook.LogsAsync("Pod shop/web injected: Injected dryRun=False");
    }

    [Fact]
    public async Task A_denial_is_logged_with_everything_that_is_wrong()
    {
        await using var webhook = await WebhookServer.StartAsync();
        var review = Samples.Review(Samples.Pod("sysgenid.io/device", "1"));
        review["request"]!["dryRun"] = true;
        review["request"]!["object"]!["metadata"]!.AsObject().Remove("name");
        review["request"]!["object"]!["metadata"]!["generateName"] = "web-";
        Assert.Equal(HttpStatusCode.OK, (await webhook.PostAsync(review.ToJsonString())).Status);
        await webhook.CountsAsync("denied", "InvalidValue");
        await webhook.LogsAsync(
            "Pod shop/web-* denied: InvalidValue dryRun=True SysGenId cannot be injected into this pod: annotation sysgenid.io/device must be \"true\" or \"false\", not \"1\".");
    }

    [Fact]
    public async Task What_is_no_review_is_answered_with_400_and_a_sentence()
    {
        await using var webhook = await WebhookServer.StartAsync();
        var (status, body) = await webhook.PostAsync("{}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("The body is not an AdmissionReview: ", body, StringComparison.Ordinal);
        await webhook.CountsAsync("failed", "Unreadable");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_too_long_is_answered_with_413(bool isLengthKnown)
    {
        await using var webhook = await WebhookServer.StartAsync();
        var status = await webhook.PostLongAsync(9 * 1024 * 1024, isLengthKnown);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        await webhook.CountsAsync("failed", "TooLong");
        Assert.Equal(HttpStatusCode.OK, (await webhook.PostAsync(Samples.Review(Samples.Pod()).ToJsonString())).Status);
    }

    [Fact]
    public async Task A_pod_as_large_as_the_API_server_takes_is_injected()
    {
        await using var webhook = await WebhookServer.StartAsync();
        var review = Samples.Review(Samples.Pod("note", new string('x', 3 * 1024 * 1024)));
        Assert.Equal(HttpStatusCode.OK, (await webhook.PostAsync(review.ToJsonString())).Status);
        await webhook.CountsAsync("injected", "Injected");
    }

    [Fact]
    public async Task An_error_of_our_own_is_answered_with_500_and_the_next_pod_is_injected()
    {
        await using var webhook = await WebhookServer.StartAsync(new FailingNamespaces());
        Assert.Equal(HttpStatusCode.InternalServerError, (await webhook.PostAsync(Samples.Review(Samples.Pod()).ToJsonString())).Status);
        await webhook.CountsAsync("failed", "InternalError");
        Assert.Equal(HttpStatusCode.OK, (await webhook.PostAsync(Samples.Review(Samples.Pod()).ToJsonString())).Status);
    }

    [Theory]
    [InlineData("GET", "/mutate-pods", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/", HttpStatusCode.NotFound)]
    public async Task Nothing_else_is_served(string method, string path, HttpStatusCode expected)
    {
        await using var webhook = await WebhookServer.StartAsync();
        Assert.Equal(expected, await webhook.RequestAsync(method, path));
    }

    private sealed class FailingNamespaces : INamespaceLabels
    {
        private bool _hasFailed;

        public IReadOnlyDictionary<string, string>? Find(string name)
        {
            if (_hasFailed) return null;
            _hasFailed = true;
            throw new InvalidOperationException("not today");
        }
    }
}
