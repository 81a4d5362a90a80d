using SysGenId.Chart.Tests.Rendering;
using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Cluster;

/// <summary>A release from its installation to its end, by both Helms, on a real API server.</summary>
public sealed class LifecycleTests
{
    private const string Authority = "c3lzZ2VuaWQ=";

    private const string JobIsDone = """{"status":{"succeeded":1,"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:00:01Z","conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}}""";

    private const string JobHasFailed = """{"status":{"failed":2,"startTime":"2026-01-01T00:00:00Z","conditions":[{"type":"FailureTarget","status":"True"},{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}]}}""";

    public static TheoryData<string> Versions => Helm.Versions;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_upgrade_leaves_the_webhooks_authority_as_the_controller_wrote_it(string helm)
    {
        await using var cluster = await InstalledAsync(helm);
        await WriteAuthorityAsync(cluster);

        (await cluster.HelmAsync(helm, "upgrade", ChartUnderTest.Release, ChartUnderTest.Directory, "--set", "webhook.timeoutSeconds=7,webhook.failurePolicy=Fail")).OrThrow();

        Assert.Equal("7 7 Fail Fail", await InjectorAsync(cluster, "{.webhooks[*].timeoutSeconds} {.webhooks[*].failurePolicy}"));
        Assert.Equal($"{Authority} {Authority}", await InjectorAsync(cluster, "{.webhooks[*].clientConfig.caBundle}"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_upgrade_brings_the_definition_along(string helm)
    {
        await using var cluster = await InstalledAsync(helm);
        (await cluster.KubectlAsync("annotate", "crd", "systemgenerations.sysgenid.io", "example.com/mine=kept")).OrThrow();

        (await cluster.HelmAsync(helm, "upgrade", ChartUnderTest.Release, ChartUnderTest.Directory, "--set", "commonLabels.tier=nodes")).OrThrow();

        Assert.Equal("nodes kept", await cluster.FieldAsync("crd", "systemgenerations.sysgenid.io", "{.metadata.labels.tier} {.metadata.annotations.example\\.com/mine}"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_uninstall_waits_for_the_nodes_before_it_deletes_anything(string helm)
    {
        await using var cluster = await InstalledAsync(helm);

        var uninstall = cluster.HelmAsync(helm, "uninstall", ChartUnderTest.Release, "--timeout", "50s");
        await Eventually.HoldsAsync(() => cluster.IsThereAsync("job", "sysgenid-uninstall"));
        Assert.True(await cluster.IsThereAsync("daemonset", "sysgenid-agent"));
        Assert.True(await cluster.IsThereAsync("clusterrolebinding", "sysgenid-agent"));
        Assert.True(await cluster.IsThereAsync("clusterrolebinding", "sysgenid-uninstall"));
        Assert.False(uninstall.IsCompleted);
        await EndJobAsync(cluster, JobIsDone);
        (await uninstall).OrThrow();

        Assert.False(await cluster.IsThereAsync("daemonset", "sysgenid-agent"));
        foreach (var kind in new[] { "job", "serviceaccount", "clusterrole", "clusterrolebinding" })
            Assert.False(await cluster.IsThereAsync(kind, "sysgenid-uninstall"), $"the {kind} of the uninstall is left");
        Assert.True(await cluster.IsThereAsync("crd", "systemgenerations.sysgenid.io"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_uninstall_that_some_node_did_not_answer_leaves_the_agents_where_they_are_and_can_be_tried_again(string helm)
    {
        await using var cluster = await InstalledAsync(helm);

        var first = cluster.HelmAsync(helm, "uninstall", ChartUnderTest.Release, "--timeout", "50s");
        await EndJobAsync(cluster, JobHasFailed);
        Assert.NotEqual(0, (await first).ExitCode);
        Assert.True(await cluster.IsThereAsync("daemonset", "sysgenid-agent"));
        Assert.True(await cluster.IsThereAsync("job", "sysgenid-uninstall"), "its log is gone");

        var job = await JobAsync(cluster);
        var second = cluster.HelmAsync(helm, "uninstall", ChartUnderTest.Release, "--timeout", "50s");
        await Eventually.HoldsAsync(async () => await JobAsync(cluster) is { Length: > 0 } next && next != job);
        await EndJobAsync(cluster, JobIsDone);
        (await second).OrThrow();

        Assert.False(await cluster.IsThereAsync("daemonset", "sysgenid-agent"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_an_uninstall_kept_is_taken_over_by_the_next_installation(string helm)
    {
        await using var cluster = await InstalledAsync(helm);
        (await cluster.HelmAsync(helm, "uninstall", ChartUnderTest.Release, "--no-hooks")).OrThrow();

        (await InstallAsync(cluster, helm)).OrThrow();

        Assert.True(await cluster.IsThereAsync("daemonset", "sysgenid-agent"));
    }

    [Fact]
    public async Task A_second_installation_is_refused()
    {
        await using var cluster = await InstalledAsync(Helm.Four);

        var second = await Helm.RunAsync(
            Helm.Four, "--kubeconfig", cluster.Kubeconfig.File, "-n", "elsewhere", "install", "another", ChartUnderTest.Directory, "--create-namespace");

        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("invalid ownership metadata", second.Errors, StringComparison.Ordinal);
    }

    private static async Task<ChartCluster> InstalledAsync(string helm)
    {
        var cluster = await ChartCluster.StartAsync();
        (await InstallAsync(cluster, helm)).OrThrow();
        return cluster;
    }

    private static Task<CommandResult> InstallAsync(ChartCluster cluster, string helm) =>
        cluster.HelmAsync(helm, "install", ChartUnderTest.Release, ChartUnderTest.Directory, "--create-namespace");

    // As a controller does: server-side apply of the one field, under its own name.
    private static async Task WriteAuthorityAsync(ChartCluster cluster) => (await cluster.ApplyAsync(
        cluster.Kubeconfig.File,
        $$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: sysgenid-injector}
        webhooks:
          - {name: pod.inject.sysgenid.io, clientConfig: {caBundle: {{Authority}} } }
          - {name: namespace.inject.sysgenid.io, clientConfig: {caBundle: {{Authority}} } }
        """,
        "--field-manager=sysgenid-controller")).OrThrow();

    private static Task<string> InjectorAsync(ChartCluster cluster, string path) =>
        cluster.FieldAsync("mutatingwebhookconfiguration", "sysgenid-injector", path);

    /// <summary>The UID of the uninstall's Job; empty while there is none.</summary>
    private static async Task<string> JobAsync(ChartCluster cluster) =>
        (await cluster.KubectlAsync("-n", ChartUnderTest.Namespace, "get", "job", "sysgenid-uninstall", "--ignore-not-found", "-o", "jsonpath={.metadata.uid}")).OrThrow().Output.Trim();

    // The test API server has no Job controller: the test is it.
    private static async Task EndJobAsync(ChartCluster cluster, string status)
    {
        await Eventually.HoldsAsync(() => cluster.IsThereAsync("job", "sysgenid-uninstall"));
        (await cluster.KubectlAsync("-n", ChartUnderTest.Namespace, "patch", "job", "sysgenid-uninstall", "--subresource=status", "--type=merge", "-p", status)).OrThrow();
    }
}
