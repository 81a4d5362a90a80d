using k8s;
using k8s.Models;
using SysGenId.Operator.Cluster;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>That the cluster the other tests stand on is what they take it for.</summary>
public sealed class HarnessTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task Our_resource_definition_is_served() =>
        Assert.True(await ResourceDefinition.IsServedAsync(fixture.Cluster.Admin));

    [Fact]
    public async Task A_service_account_s_token_says_who_it_is()
    {
        var token = await fixture.Cluster.TokenAsync("default", "harness");
        using var connection = fixture.Cluster.Open(new ClusterOptions { Kubeconfig = fixture.Cluster.KubeconfigFor(token) });

        var review = await connection.AuthenticationV1.CreateSelfSubjectReviewAsync(new V1SelfSubjectReview(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("system:serviceaccount:default:harness", review.Status.UserInfo.Username);
    }
}
