using k8s;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Plumbing;

/// <summary>Tokens that somebody else replaces in their file, as kubelet does for a pod.</summary>
public sealed class TokenTests(FaultyCluster fixture) : IClassFixture<FaultyCluster>, IAsyncLifetime
{
    private const string Namespace = "tokens";
    private const string Account = "agent";

    private readonly TemporaryDirectory _directory = new();

    private string TokenFile => _directory.File("token");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestCluster Cluster => fixture.Cluster;

    public async ValueTask InitializeAsync()
    {
        await Cluster.NamespaceAsync(Namespace);
        await Cluster.ApplyAsync($$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: tokens}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{kind: ServiceAccount, namespace: {{Namespace}}, name: {{Account}}}]
            """);
        await ReplaceAsync();
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_replaced_token_is_used_at_once()
    {
        using var cluster = Open();
        await Cluster.Admin.CoreV1.DeleteNamespacedServiceAccountAsync(Account, Namespace, cancellationToken: Cancellation);
        await Eventually.HoldsAsync(() => IsRefusedAsync(cluster));

        await ReplaceAsync();

        Assert.False(await IsRefusedAsync(cluster));
    }

    [Fact]
    public async Task A_watch_whose_token_has_ended_goes_on_with_the_next_one()
    {
        using var cluster = Open();
        await using var watch = new RunningWatch<V1ConfigMap>(cluster, new ObjectSelection { Namespace = Namespace, LabelSelector = "of=tokens" });
        await watch.SyncedAsync();

        // A token ends with its account; the next one is of an account of the same name.
        await Cluster.Admin.CoreV1.DeleteNamespacedServiceAccountAsync(Account, Namespace, cancellationToken: Cancellation);
        await Cluster.Faults.DropConnectionsAsync();
        await Eventually.HoldsAsync(() => IsRefusedAsync(cluster));
        await Cluster.ApplyAsync($"{{apiVersion: v1, kind: ConfigMap, metadata: {{namespace: {Namespace}, name: late, labels: {{of: tokens}}}}}}");
        await ReplaceAsync();

        await Eventually.HoldsAsync(() => watch.Objects.Count == 1);
    }

    private static async Task<bool> IsRefusedAsync(ClusterConnection cluster)
    {
        try
        {
            await cluster.AuthenticationV1.CreateSelfSubjectReviewAsync(new V1SelfSubjectReview(), cancellationToken: Cancellation);
            return false;
        }
        catch (Exception e) when (ApiFault.Of(e, Cancellation) is { } fault)
        {
            Assert.True(fault.IsTransient);
            return fault.Status is System.Net.HttpStatusCode.Unauthorized;
        }
    }

    private ClusterConnection Open() => Cluster.Open(new ClusterOptions { Kubeconfig = Cluster.KubeconfigForTokenFile(TokenFile) });

    /// <summary>As kubelet does: the new file is moved over the old one.</summary>
    private async Task ReplaceAsync()
    {
        await File.WriteAllTextAsync(TokenFile + ".new", await Cluster.TokenAsync(Namespace, Account), Cancellation);
        File.Move(TokenFile + ".new", TokenFile, overwrite: true);
    }
}
