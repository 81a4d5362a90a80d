using System.Text.Json.Nodes;
using SysGenId.TestSupport;
using static SysGenId.Cluster.Tests.Admission.InjectionFixture;

namespace SysGenId.Cluster.Tests.Admission;

/// <summary>Pods that go through the admission of a real API server.</summary>
public sealed class InjectionTests(InjectionFixture fixture) : IClassFixture<InjectionFixture>
{
    [Fact]
    public async Task A_pod_that_asks_is_stored_with_its_sidecar()
    {
        await fixture.Cluster.NamespaceAsync("asks");
        var created = await fixture.CreateAsync("asks", Pod());
        var name = created["metadata"]!["name"]!.GetValue<string>();
        var stored = await fixture.Cluster.Admin.SendAsync<JsonObject>(HttpMethod.Get, $"api/v1/namespaces/asks/pods/{name}", null, TestContext.Current.CancellationToken);
        Assert.Equal(["sysgenid-sidecar"], Names(stored, "initContainers"));
        Assert.Equal(["sysgenid-sidecar", "app"], WithPage(stored));
        Assert.Equal(["sysgenid", "sysgenid-agent"], stored["spec"]!["volumes"]!.AsArray().Select(volume => volume!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_namespace_asks_for_all_its_pods_but_those_that_opt_out()
    {
        await fixture.Cluster.NamespaceAsync("opted-in", ("sysgenid.io/inject", "true"));
        Assert.True(IsInjected(await fixture.CreateAsync("opted-in", Pod(inject: null))));
        Assert.True(IsInjected(await fixture.CreateAsync("opted-in", Pod())));
        Assert.False(IsInjected(await fixture.CreateAsync("opted-in", Pod(inject: "false"))));
    }

    [Fact]
    public async Task A_pod_of_a_namespace_that_came_a_moment_ago_is_injected_when_that_asks()
    {
        for (var count = 0; count < 20; count++)
        {
            await fixture.Cluster.NamespaceAsync($"new-{count}", ("sysgenid.io/inject", "true"));
            Assert.True(IsInjected(await fixture.CreateAsync($"new-{count}", Pod(inject: null))));
        }
    }

    [Fact]
    public async Task Nobody_else_s_pod_is_touched()
    {
        await fixture.Cluster.NamespaceAsync("others");
        var pod = await fixture.CreateAsync("others", Pod(inject: null));
        Assert.Null(pod["spec"]!["initContainers"]);
        Assert.Null(pod["spec"]!["volumes"]);
    }

    [Fact]
    public async Task A_dry_run_shows_the_sidecar_and_stores_nothing()
    {
        await fixture.Cluster.NamespaceAsync("dry");
        Assert.True(IsInjected(await fixture.CreateAsync("dry", Pod(), isDryRun: true)));
        var pods = await fixture.Cluster.Admin.SendAsync<JsonObject>(HttpMethod.Get, "api/v1/namespaces/dry/pods", null, TestContext.Current.CancellationToken);
        Assert.Empty(pods["items"]!.AsArray());
    }

    [Theory]
    [InlineData("sysgenid.io/device", "yes", "annotation sysgenid.io/device must be \"true\" or \"false\", not \"yes\"")]
    [InlineData("sysgenid.io/containers", "web", "annotation sysgenid.io/containers names \"web\", and the pod's containers are \"app\"")]
    [InlineData("sysgenid.io/sidecar-memory-limit", "32m", "annotation sysgenid.io/sidecar-memory-limit must be a quantity of at least 8Mi, not \"32m\"")]
    public async Task A_bad_annotation_is_refused_word_by_word(string annotation, string value, string fault)
    {
        await fixture.Cluster.NamespaceAsync("refusals");
        Assert.Equal(
            $"admission webhook \"pod.inject.sysgenid.io\" denied the request: SysGenId cannot be injected into this pod: {fault}.",
            await fixture.RefusalAsync("refusals", Pod("true", annotation, value)));
    }

    [Fact]
    public async Task A_label_that_means_nothing_is_refused_and_not_passed_over()
    {
        await fixture.Cluster.NamespaceAsync("refusals");
        Assert.Equal(
            "admission webhook \"pod.inject.sysgenid.io\" denied the request: SysGenId cannot be injected into this pod: label sysgenid.io/inject must be \"true\" or \"false\", not \"enabled\".",
            await fixture.RefusalAsync("refusals", Pod("enabled")));
    }

    [Fact]
    public async Task A_pod_that_cannot_be_is_created_with_a_warning()
    {
        await fixture.Cluster.NamespaceAsync("windows");
        var pod = Pod();
        pod["spec"]!["os"] = new JsonObject { ["name"] = "windows" };
        using var answer = await fixture.Cluster.Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/windows/pods", pod, TestContext.Current.CancellationToken);
        Assert.Equal(
            "299 - \"The SysGenId sidecar is not injected: The pod runs on Windows, and the sidecar on Linux.\"", Assert.Single(answer.Headers.GetValues("Warning")));
        Assert.False(IsInjected((await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), cancellationToken: TestContext.Current.CancellationToken))!.AsObject()));
    }

    [Fact]
    public async Task A_pod_made_from_a_live_one_is_stored_as_that_is()
    {
        await fixture.Cluster.NamespaceAsync("copies");
        var live = await fixture.CreateAsync("copies", Pod("true", "sysgenid.io/device", "true"));
        var copy = Pod("true", "sysgenid.io/device", "true");
        copy["spec"] = live["spec"]!.DeepClone();
        var again = await fixture.CreateAsync("copies", copy);
        Assert.Equal(live["spec"]!.ToJsonString(), again["spec"]!.ToJsonString());
    }

    [Theory]
    [InlineData("a-foreign")]
    [InlineData("z-foreign")]
    public async Task Called_before_or_after_another_injector_the_same_containers_have_the_page(string name)
    {
        await fixture.Cluster.NamespaceAsync(name);
        await fixture.Cluster.ApplyAsync(WebhookConfiguration.Foreign(name, name, fixture.Authority));
        await Eventually.HoldsAsync(async () => Names(await fixture.CreateAsync(name, Pod(inject: "false"), isDryRun: true), "containers").Contains(ForeignInjector.Container));
        var pod = await fixture.CreateAsync(name, Pod());
        Assert.Equal(["sysgenid-sidecar", "app", ForeignInjector.Container], WithPage(pod));
        Assert.Equal(["foreign-init", "sysgenid-sidecar"], Names(pod, "initContainers").Order(StringComparer.Ordinal));
        Assert.Single(pod["spec"]!["volumes"]!.AsArray(), volume => volume!["name"]!.GetValue<string>() == "sysgenid");
    }

    [Fact]
    public async Task With_the_webhook_away_Ignore_creates_the_pod_without_its_sidecar()
    {
        await fixture.Cluster.NamespaceAsync("away-ignore", ("tests/without-us", ""));
        await fixture.Cluster.ApplyAsync(WebhookConfiguration.Away("away-ignore", fixture.Authority, "Ignore"));
        Assert.False(IsInjected(await fixture.CreateAsync("away-ignore", Pod())));
    }

    [Fact]
    public async Task With_the_webhook_away_Fail_refuses_the_pod()
    {
        await fixture.Cluster.NamespaceAsync("away-fail", ("tests/without-us", ""));
        await fixture.Cluster.ApplyAsync(WebhookConfiguration.Away("away-fail", fixture.Authority, "Fail"));
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await fixture.CreateAsync("away-fail", Pod(), isDryRun: true);
                return false; // The API server has not read the configuration yet.
            }
            catch (k8s.Autorest.HttpOperationException)
            {
                return true;
            }
        });
        var refusal = await fixture.RefusalAsync("away-fail", Pod());
        Assert.StartsWith("Internal error occurred: failed calling webhook \"pod.inject.sysgenid.io\": failed to call webhook: Post ", refusal, StringComparison.Ordinal);
        Assert.EndsWith("connect: connection refused", refusal, StringComparison.Ordinal);
    }
}
