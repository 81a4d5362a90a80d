using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Control.Certificates;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Control;

/// <summary>The webhook's certificates, with API servers that call it all the while.</summary>
public sealed class CertificateTests(ControlledCluster cluster) : IClassFixture<ControlledCluster>, IAsyncLifetime
{
    private const string Secret = "sysgenid-webhook-tls";
    private static readonly string[] _lease = ["--lease-duration", "5s"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await cluster.CleanAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Two_replicas_that_start_at_once_serve_one_certificate_that_the_bundle_trusts()
    {
        var before = cluster.Writes().Count;
        await using var first = cluster.Start(ControlledCluster.First, _lease);
        await using var second = cluster.Start(ControlledCluster.Second, _lease);
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        cluster.Service.Serve(first, second);
        await TrustedAsync();
        await using (var calls = await WebhookCalls.StartAsync(cluster))
        {
            await Eventually.HoldsAsync(() => calls.Injected >= 20);
            Assert.True(calls.Failures.Length == 0, calls.Failures);
            Assert.Single(calls.Served);
        }

        var writes = cluster.Writes().Skip(before).Where(write => write.Resource is "secrets" or "mutatingwebhookconfigurations").ToList();
        Assert.Equal(["patch mutatingwebhookconfigurations 200", "create secrets 201"], writes.Select(write => $"{write.Verb} {write.Resource} {write.Code}").Reverse());
    }

    [Fact]
    public async Task No_call_fails_while_certificates_and_authorities_are_rotated()
    {
        string[] options = ["--certificate-lifetime", "20s", "--authority-lifetime", "60s", .. _lease];
        await using var first = cluster.Start(ControlledCluster.First, options);
        await using var second = cluster.Start(ControlledCluster.Second, options);
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        cluster.Service.Serve(first, second);
        await TrustedAsync();
        var founded = await SetAsync();
        await using var calls = await WebhookCalls.StartAsync(cluster);

        // All of a rotation: two authorities, the second in use, the first dropped.
        var patience = TimeSpan.FromMinutes(2);
        await Eventually.HoldsAsync(async () => (await SetAsync()) is { Authorities.Length: 2, IsRotating: true }, patience);
        await Eventually.HoldsAsync(async () => (await SetAsync()) is { Authorities.Length: 2, IsRotating: false }, patience);
        await Eventually.HoldsAsync(async () => (await SetAsync()).Authorities.All(authority => authority != founded.Newest), patience);
        await TrustedAsync();
        Assert.True(calls.Failures.Length == 0, calls.Failures);
        Assert.InRange(calls.Served.Count, 4, 20);
        Assert.True(calls.Injected > 100, $"{calls.Injected} calls are no load");
        TestContext.Current.TestOutputHelper?.WriteLine($"{calls.Injected} pods injected, {calls.Served.Count} certificates served");
    }

    [Fact]
    public async Task No_call_fails_while_replicas_are_replaced()
    {
        string[] options = ["--drain", "10s", .. _lease];
        await using var first = cluster.Start(ControlledCluster.First, options);
        await first.ReadyAsync();
        cluster.Service.Serve(first);
        await TrustedAsync();
        await using var second = cluster.Start(ControlledCluster.Second, options);
        await using var calls = await WebhookCalls.StartAsync(cluster);
        await Eventually.HoldsAsync(() => calls.Injected >= 10);
        await second.ReadyAsync();
        cluster.Service.Serve(first, second);
        var stopping = first.StopAsync();

        // As in a cluster, the Service hears of it a little later.
        await Eventually.HoldsAsync(async () => !await first.IsWellAsync());
        var reached = calls.Injected;
        await Eventually.HoldsAsync(() => calls.Injected > reached + 5);
        cluster.Service.Serve(second);
        Assert.Equal(0, await stopping);
        reached = calls.Injected;
        await Eventually.HoldsAsync(() => calls.Injected > reached + 10);
        Assert.True(calls.Failures.Length == 0, calls.Failures);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("emptied")]
    [InlineData("corrupted")]
    [InlineData("foreign")]
    [InlineData("half")]
    public async Task A_secret_that_somebody_ruined_is_replaced_and_no_call_fails(string ruin)
    {
        string[] options = ["--certificate-lifetime", "60s", "--authority-lifetime", "3600s", .. _lease];
        await using var first = cluster.Start(ControlledCluster.First, options);
        await using var second = cluster.Start(ControlledCluster.Second, options);
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        cluster.Service.Serve(first, second);
        await TrustedAsync();
        var before = await SetAsync();
        await using var calls = await WebhookCalls.StartAsync(cluster);
        await Eventually.HoldsAsync(() => calls.Injected >= 10);
        await RuinAsync(ruin, before);
        await Eventually.HoldsAsync(async () => await FindSetAsync() is { } set && set.Newest != before.Newest);
        await Eventually.HoldsAsync(async () => (await SetAsync()) is { IsRotating: false }, TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => calls.Served.Count == 2);
        Assert.True(calls.Failures.Length == 0, calls.Failures);
        Assert.Contains("[421]", first.Log + second.Log, StringComparison.Ordinal);
        Assert.False(first.HasExited || second.HasExited);
    }

    [Fact]
    public async Task A_secret_that_is_ruined_before_any_replica_runs_is_replaced()
    {
        await cluster.Cluster.Admin.CoreV1.CreateNamespacedSecretAsync(
            new V1Secret { Metadata = new V1ObjectMeta { Name = Secret }, Data = new Dictionary<string, byte[]> { ["tls.crt"] = [1, 2, 3] } },
            ControlledCluster.Namespace,
            cancellationToken: Token);
        await using var first = cluster.Start(ControlledCluster.First, _lease);
        await first.ReadyAsync();
        await Eventually.HoldsAsync(() => first.Log.Contains("[421]", StringComparison.Ordinal));
        Assert.False((await SetAsync()).IsRotating);
    }

    [Fact]
    public async Task A_bundle_that_somebody_overwrote_is_repaired()
    {
        await using var first = cluster.Start(ControlledCluster.First, _lease);
        await first.ReadyAsync();
        cluster.Service.Serve(first);
        await TrustedAsync();
        var webhooks = cluster.Cluster.Admin.AdmissionregistrationV1;
        foreach (var bundle in new[] { "", "LS0tLS1CRUdJTi0tLS0t" })
        {
            var patch = new V1Patch($$"""[{"op":"replace","path":"/webhooks/1/clientConfig/caBundle","value":"{{bundle}}"}]""", V1Patch.PatchType.JsonPatch);
            await webhooks.PatchMutatingWebhookConfigurationAsync(patch, "sysgenid-injector", cancellationToken: Token);
            await TrustedAsync();
        }

        // The rest of the configuration is somebody else's.
        var configuration = await webhooks.ReadMutatingWebhookConfigurationAsync("sysgenid-injector", cancellationToken: Token);
        Assert.Equal(["Fail", "Fail"], configuration.Webhooks.Select(webhook => webhook.FailurePolicy));
    }

    [Fact]
    public async Task A_configuration_that_comes_later_gets_the_bundle()
    {
        var webhooks = cluster.Cluster.Admin.AdmissionregistrationV1;
        await webhooks.DeleteMutatingWebhookConfigurationAsync("sysgenid-injector", cancellationToken: Token);
        await using var first = cluster.Start(ControlledCluster.First, _lease);
        await first.ReadyAsync();
        await Eventually.HoldsAsync(() => first.Log.Contains("[424]", StringComparison.Ordinal));
        await cluster.InstallWebhooksAsync();
        await TrustedAsync();
    }

    [Fact]
    public async Task Conflicts_and_refusals_of_the_server_are_overcome()
    {
        var faults = cluster.Cluster.Faults;
        await faults.AddAsync(new FaultRule { Verb = "create", Resource = "secrets", Status = 409, Count = 2 });
        await faults.AddAsync(new FaultRule { Verb = "patch", Resource = "mutatingwebhookconfigurations", Status = 409, Count = 2 });
        await faults.AddAsync(new FaultRule { Verb = "list", Resource = "secrets", Status = 503, Count = 2 });
        await using var first = cluster.Start(ControlledCluster.First, _lease);
        await Eventually.HoldsAsync(() => first.IsWellAsync(), TimeSpan.FromMinutes(1));
        await TrustedAsync();
    }

    [Fact]
    public async Task Certificates_of_somebody_else_are_followed_in_their_directory_and_the_cluster_is_left_alone()
    {
        using var files = new TemporaryDirectory();
        var directory = new MountedSecret(files.Path);
        var before = cluster.Writes().Count;
        await using var first = cluster.Start(ControlledCluster.First, ["--certificates", files.Path, .. _lease]);
        await first.LeadingAsync();
        Assert.False(await first.IsWellAsync());

        // cert-manager has issued, and its injector has set the bundle.
        var one = Founded();
        await directory.WriteAsync(("tls.crt", one.Serving.Pem), ("tls.key", one.ServingKey), ("ca.crt", one.Bundle));
        await SetBundleAsync(one.Bundle);
        await first.ReadyAsync();
        cluster.Service.Serve(first);
        await using var calls = await WebhookCalls.StartAsync(cluster);
        await Eventually.HoldsAsync(() => calls.Injected >= 10);

        // Half of a renewal changes nothing; the whole of it does, with no restart and no gap.
        var two = CertificateAuthority.Renew(one, [Host], new CertificateLifetimes(), TimeProvider.System.GetUtcNow());
        await directory.WriteAsync(("tls.crt", two.Serving.Pem), ("tls.key", one.ServingKey));
        await Eventually.HoldsAsync(() => first.Log.Contains("[421]", StringComparison.Ordinal));
        await directory.WriteAsync(("tls.crt", two.Serving.Pem), ("tls.key", two.ServingKey));
        await Eventually.HoldsAsync(() => calls.Served.Contains(two.Serving.Thumbprint));
        Assert.True(calls.Failures.Length == 0, calls.Failures);
        Assert.Equal(before, cluster.Writes().Count);
    }

    private static string Host => $"sysgenid-webhook.{ControlledCluster.Namespace}.svc";

    private static CertificateSet Founded() => CertificateAuthority.Found([Host], new CertificateLifetimes(), TimeProvider.System.GetUtcNow());

    private async Task RuinAsync(string ruin, CertificateSet set)
    {
        var core = cluster.Cluster.Admin.CoreV1;
        if (ruin == "deleted")
        {
            await core.DeleteNamespacedSecretAsync(Secret, ControlledCluster.Namespace, cancellationToken: Token);
            return;
        }

        var secret = await core.ReadNamespacedSecretAsync(Secret, ControlledCluster.Namespace, cancellationToken: Token);
        var foreign = CertificateAuthority.Found(["elsewhere.svc"], new CertificateLifetimes(), TimeProvider.System.GetUtcNow());
        secret.Data = ruin switch
        {
            "emptied" => new Dictionary<string, byte[]> { ["tls.crt"] = [], ["tls.key"] = [] },
            "corrupted" => secret.Data.ToDictionary(entry => entry.Key, _ => Encoding.ASCII.GetBytes("not a certificate")),
            "foreign" => SecretData.Write(foreign),
            "half" => SecretData.Write(set with { ServingKey = foreign.ServingKey }),
            _ => throw new ArgumentOutOfRangeException(nameof(ruin), ruin, null),
        };
        await core.ReplaceNamespacedSecretAsync(secret, Secret, ControlledCluster.Namespace, cancellationToken: Token);
    }

    /// <summary>Waits until every webhook trusts exactly what the Secret says.</summary>
    private Task TrustedAsync() => Eventually.HoldsAsync(async () =>
    {
        var configuration = await cluster.Cluster.Admin.AdmissionregistrationV1.ReadMutatingWebhookConfigurationAsync("sysgenid-injector");
        return await FindSetAsync() is { } set
            && configuration.Webhooks.All(webhook => webhook.ClientConfig.CaBundle is { } bundle && Encoding.ASCII.GetString(bundle) == set.Bundle);
    });

    private async Task SetBundleAsync(string bundle)
    {
        var value = Convert.ToBase64String(Encoding.ASCII.GetBytes(bundle));
        var patch = $$"""[{"op":"add","path":"/webhooks/0/clientConfig/caBundle","value":"{{value}}"},{"op":"add","path":"/webhooks/1/clientConfig/caBundle","value":"{{value}}"}]""";
        await cluster.Cluster.Admin.AdmissionregistrationV1.PatchMutatingWebhookConfigurationAsync(
            new V1Patch(patch, V1Patch.PatchType.JsonPatch), "sysgenid-injector", cancellationToken: Token);
    }

    private async Task<CertificateSet> SetAsync() => await FindSetAsync() ?? throw new InvalidOperationException("The Secret holds no set.");

    private async Task<CertificateSet?> FindSetAsync()
    {
        try
        {
            var secret = await cluster.Cluster.Admin.CoreV1.ReadNamespacedSecretAsync(Secret, ControlledCluster.Namespace);
            return SecretData.Read(secret.Data, Host).Set;
        }
        catch (HttpOperationException failure) when (failure.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
