using System.Net;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Tests.Observability;

public sealed class ApiRequestTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("GET", "/api/v1/nodes/n1", "get", "nodes")]
    [InlineData("GET", "/api/v1/nodes?limit=500&continue=abc", "list", "nodes")]
    [InlineData("GET", "/api/v1/nodes?allowWatchBookmarks=true&watch=true", "watch", "nodes")]
    [InlineData("GET", "/api/v1/namespaces/shop/pods/web-0", "get", "pods")]
    [InlineData("GET", "/api/v1/namespaces/shop", "get", "namespaces")]
    [InlineData("PATCH", "/api/v1/namespaces/shop/pods/web-0/status", "patch", "pods/status")]
    [InlineData("POST", "/api/v1/namespaces/shop/events", "create", "events")]
    [InlineData("POST", "/api/v1/namespaces/s/serviceaccounts/x/token", "create", "serviceaccounts/token")]
    [InlineData("PATCH", "/apis/sysgenid.io/v1alpha1/systemgenerations/n1/status?fieldManager=sysgenid-agent&force=true", "patch", "systemgenerations/status")]
    [InlineData("DELETE", "/apis/sysgenid.io/v1alpha1/systemgenerations/n1", "delete", "systemgenerations")]
    [InlineData("DELETE", "/apis/sysgenid.io/v1alpha1/systemgenerations", "deletecollection", "systemgenerations")]
    [InlineData("PUT", "/apis/coordination.k8s.io/v1/namespaces/s/leases/l", "update", "leases")]
    [InlineData("GET", "/k8s/clusters/c-1/apis/apps/v1/namespaces/s/daemonsets/d", "get", "daemonsets")]
    [InlineData("GET", "/version", "list", "none")]
    [InlineData("GET", "/apis/apps/v1", "list", "none")]
    [InlineData("GET", "/apis/example.com/v1/secrets-of-somebody/x", "get", "other")]
    [InlineData("OPTIONS", "/api/v1/nodes", "other", "nodes")]
    public void A_request_is_named_as_RBAC_names_it(string method, string path, string verb, string resource) =>
        Assert.Equal(new ApiRequest(verb, resource), ApiRequest.Of(new HttpMethod(method), new Uri("https://10.0.0.1:6443" + path)));

    [Fact]
    public async Task An_answer_is_counted_with_its_code_and_its_time()
    {
        using var client = Client(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(20));
            return new HttpResponseMessage(HttpStatusCode.Conflict);
        });
        using var response = await client.GetAsync(new Uri("https://cluster/api/v1/nodes/n1"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        var text = await ScrapeAsync();
        Assert.Contains("sysgenid_api_requests_total{verb=\"get\",resource=\"nodes\",code=\"409\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("sysgenid_api_request_duration_seconds_sum 0.02\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_an_answer_is_counted_and_still_fails()
    {
        using var client = Client(() => throw new HttpRequestException("connection refused"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("https://cluster/api/v1/nodes?watch=true"), TestContext.Current.CancellationToken));
        Assert.Contains(
            "sysgenid_api_requests_total{verb=\"watch\",resource=\"nodes\",code=\"none\"} 1\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strange_server_cannot_fill_the_labels()
    {
        using var client = Client(() => new HttpResponseMessage((HttpStatusCode)999));
        for (var number = 0; number < 50; number++)
        {
            using var response = await client.GetAsync(new Uri($"https://cluster/apis/g{number}/v1/kinds{number}/name"), TestContext.Current.CancellationToken);
        }

        var series = (await ScrapeAsync()).Split('\n').Where(line => line.StartsWith("sysgenid_api_requests_total{", StringComparison.Ordinal));
        Assert.Equal(["sysgenid_api_requests_total{verb=\"get\",resource=\"other\",code=\"other\"} 50"], series);
    }

    private HttpClient Client(Func<HttpResponseMessage> answer) =>
        new(new ApiRequestHandler(new ApiRequestMetrics(new MetricSet(_registry)), _clock) { InnerHandler = new FakeServer(answer) });

    private async Task<string> ScrapeAsync()
    {
        using var scrape = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(scrape, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(scrape.ToArray());
    }

    private sealed class FakeServer(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
