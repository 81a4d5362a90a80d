using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Cluster;

public sealed class ClusterConnectionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Outside_a_pod_a_kubeconfig_is_asked_for() => Assert.Equal(
        "This is not a pod with a service account token: give a kubeconfig file with --kubeconfig, or run without a cluster.",
        FaultOf(new ClusterOptions()));

    [Fact]
    public void A_kubeconfig_that_is_not_there_is_named() =>
        Assert.Equal("There is no kubeconfig file /nowhere/config.", FaultOf(new ClusterOptions { Kubeconfig = "/nowhere/config" }));

    [Theory]
    [InlineData("")]
    [InlineData("apiVersion: v1\nkind: Config\n")]
    [InlineData("[")]
    [InlineData("- a\n- b\n")]
    [InlineData("just words")]
    [InlineData("current-context: here\ncontexts: 7\n")]
    public void A_kubeconfig_that_makes_no_sense_is_named(string text) =>
        Assert.StartsWith($"The kubeconfig {Kubeconfig(text)} cannot be used: ", FaultOf(new ClusterOptions { Kubeconfig = Kubeconfig(text) }), StringComparison.Ordinal);

    [Fact]
    public void A_context_that_is_not_in_the_file_is_named()
    {
        var path = Kubeconfig(KubeconfigText.Of("https://127.0.0.1:1", "token: secret"));

        Assert.Contains("elsewhere", FaultOf(new ClusterOptions { Kubeconfig = path, Context = "elsewhere" }), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once() => Assert.Equal(
        "A context can only be chosen from a kubeconfig file. The request timeout must be from 1s to 5m, not 0.5s.",
        FaultOf(new ClusterOptions { Context = "here", RequestTimeout = TimeSpan.FromSeconds(0.5) }));

    [Fact]
    public void The_namespace_is_the_context_s()
    {
        using var cluster = ClusterConnection.Open(new ClusterOptions { Kubeconfig = Kubeconfig(KubeconfigText.Of("https://127.0.0.1:1", "token: secret")) });

        Assert.Equal("shop", cluster.Namespace);
    }

    [Fact]
    public async Task A_token_is_read_from_its_file_for_every_request()
    {
        var file = _directory.File("token");
        var seen = new List<string?>();
        await File.WriteAllTextAsync(file, "first\n", TestContext.Current.CancellationToken);
        using var cluster = ClusterConnection.Open(
            new ClusterOptions { Kubeconfig = Kubeconfig(KubeconfigText.Of("https://127.0.0.1:1", "tokenFile: token")) }, new TokenWitness(seen));

        await AskAsync(cluster);
        await File.WriteAllTextAsync(file, "second", TestContext.Current.CancellationToken);
        await AskAsync(cluster);
        File.Delete(file); // As between two steps of a replacement: the last one stands.
        await AskAsync(cluster);
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await AskAsync(cluster);

        Assert.Equal(["Bearer first", "Bearer second", "Bearer second", "Bearer second"], seen);
    }

    [Fact]
    public async Task A_token_file_that_was_never_there_is_a_transient_fault()
    {
        using var cluster = ClusterConnection.Open(
            new ClusterOptions { Kubeconfig = Kubeconfig(KubeconfigText.Of("https://127.0.0.1:1", "tokenFile: /nowhere/token")) }, new TokenWitness([]));

        var thrown = await Record.ExceptionAsync(() => AskAsync(cluster));

        Assert.True(ApiFault.Of(thrown!, CancellationToken.None)!.IsTransient);
    }

    private static Task<string> AskAsync(ClusterConnection cluster) =>
        cluster.SendAsync<string>(HttpMethod.Get, "version", null, TestContext.Current.CancellationToken);

    private static string FaultOf(ClusterOptions options) => Assert.Throws<ClusterUnavailableException>(() => ClusterConnection.Open(options)).Message;

    private string Kubeconfig(string text)
    {
        File.WriteAllText(_directory.File("kubeconfig"), text);
        return _directory.File("kubeconfig");
    }

    private sealed class TokenWitness(List<string?> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.Headers.Authorization?.ToString());
            return Task.FromResult(ScriptedApi.Json("\"v1\""));
        }
    }
}
