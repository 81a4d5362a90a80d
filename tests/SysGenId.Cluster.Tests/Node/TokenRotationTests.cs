using k8s;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>An agent as in a pod: it finds the API server by its environment and its token in a file that the kubelet replaces.</summary>
public sealed class TokenRotationTests(FaultyClusterFixture fixture) : IClassFixture<FaultyClusterFixture>
{
    // The place of a pod's service account, seen by this process alone.
    private const string AsPod = """
        set -e
        mount -t tmpfs pod /run
        mkdir -p /run/secrets/kubernetes.io/serviceaccount
        mount --bind "$1" /run/secrets/kubernetes.io/serviceaccount
        shift
        exec "$@"
        """;

    /// <summary>The client reads the file again after a minute; a kubelet replaces it long before its token ends.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private TestCluster Cluster => fixture.Cluster;

    [Fact]
    public async Task A_token_that_is_replaced_in_its_file_is_used_when_the_old_one_is_no_good_any_more()
    {
        Requires.PrivateMounts();
        Requires.PublishedPrograms();
        using var directory = new TemporaryDirectory();
        var account = directory.CreateDirectory("account");
        var server = Cluster.Admin.BaseUri;
        await File.WriteAllTextAsync(Path.Combine(account, "ca.crt"), Certificate(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(account, "namespace"), "tokens", TestContext.Current.CancellationToken);
        await Cluster.NamespaceAsync("tokens");
        await Cluster.NodeAsync("tokens");
        await GiveTokenAsync(account, "first");
        await using var agent = ChildProcess.Start("unshare", [
            "-m", "--propagation", "private", "sh", "-c", AsPod, "sh", account,
            "env", $"KUBERNETES_SERVICE_HOST={server.Host}", $"KUBERNETES_SERVICE_PORT={server.Port}", "NODE_NAME=tokens",
            ToolPaths.Operator, "node", "--socket", directory.File("run/node.sock"), "--state-dir", directory.File("state"),
            "--criu-config", directory.File("criu.conf"), "--criu", "/nonexistent/criu", "--http-port", "0", .. NoMachineSources.Arguments]);
        await ReportsAsync(agent, 0);

        await GiveTokenAsync(account, "second");
        await Cluster.Admin.CoreV1.DeleteNamespacedServiceAccountAsync("first", "tokens", cancellationToken: TestContext.Current.CancellationToken);
        await Cluster.Faults.DropConnectionsAsync();
        await Eventually.HoldsAsync(async () => await IsReachableAsync(), what: "the tests reach the server again");
        await Cluster.ApplyAsync("{apiVersion: sysgenid.io/v1alpha1, kind: SystemGeneration, metadata: {name: tokens}, spec: {minimumGeneration: 6}}");

        await ReportsAsync(agent, 6);
        await Eventually.HoldsAsync(() => Cluster.Audit.Entries.Any(
            entry => entry is { User: "system:serviceaccount:tokens:second", Verb: "patch", Subresource: "status", Code: 200 }));
    }

    private async Task GiveTokenAsync(string directory, string account)
    {
        var token = await Cluster.TokenAsync("tokens", account);
        await Cluster.ApplyAsync($"{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {{name: tokens-{account}}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}}, subjects: [{{kind: ServiceAccount, namespace: tokens, name: {account}}}]}}");
        await File.WriteAllTextAsync(Path.Combine(directory, "token"), token, TestContext.Current.CancellationToken);
    }

    private string Certificate()
    {
        var cluster = KubernetesYaml.Deserialize<k8s.KubeConfigModels.K8SConfiguration>(File.ReadAllText(Cluster.Kubeconfig)).Clusters.First().ClusterEndpoint;
        return cluster.CertificateAuthorityData is { } data
            ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data))
            : File.ReadAllText(cluster.CertificateAuthority);
    }

    private async Task<bool> IsReachableAsync()
    {
        try
        {
            return await Cluster.Admin.CoreV1.ReadNodeAsync("tokens", cancellationToken: TestContext.Current.CancellationToken) is not null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task ReportsAsync(ChildProcess agent, long generation)
    {
        try
        {
            await Eventually.HoldsAsync(async () => await GenerationAsync() == generation, _patience, $"the object shows {generation}");
        }
        catch (TimeoutException mistake)
        {
            throw new TimeoutException($"{mistake.Message}\n{agent.Evidence}");
        }
    }

    private async Task<long?> GenerationAsync()
    {
        try
        {
            var present = await Cluster.Admin.SendAsync<SystemGeneration>(
                HttpMethod.Get, ResourceAddress.Object<SystemGeneration>(null, "tokens"), null, TestContext.Current.CancellationToken);
            return present.Status?.Generation;
        }
        catch (Exception refusal) when (refusal is HttpRequestException or k8s.Autorest.HttpOperationException)
        {
            return null;
        }
    }
}
