using k8s.Autorest;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Definition;

/// <summary>A SystemGeneration is named like its node.</summary>
public sealed class NamePolicyTests(NamePolicyTests.WithPolicy fixture) : IClassFixture<NamePolicyTests.WithPolicy>
{
    [Fact]
    public async Task An_object_that_belongs_to_another_node_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => CreateAsync("here", Owner(V1Node.KubeKind, "there")));

        Assert.EndsWith(
            "denied request: A SystemGeneration is named like its node: this one is named here, but its owner is the node there.",
            ApiFault.Of(refusal, TestContext.Current.CancellationToken)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_belongs_to_its_own_node_is_taken() => await CreateAsync("own", Owner(V1Node.KubeKind, "own"));

    [Fact]
    public async Task An_object_that_belongs_to_nobody_is_taken() => await CreateAsync("orphan");

    [Fact]
    public async Task An_owner_of_another_kind_may_have_another_name() => await CreateAsync("tooled", Owner("Tool", "rollout"));

    [Fact]
    public async Task An_object_cannot_be_given_to_another_node_later()
    {
        await CreateAsync("given", Owner(V1Node.KubeKind, "given"));

        await Assert.ThrowsAsync<HttpOperationException>(() => ApplyAsync("given", Owner(V1Node.KubeKind, "taken")));
    }

    private static V1OwnerReference Owner(string kind, string name) =>
        new() { ApiVersion = kind == V1Node.KubeKind ? "v1" : "example.com/v1", Kind = kind, Name = name, Uid = Guid.NewGuid().ToString() };

    private Task<SystemGeneration> CreateAsync(string name, params V1OwnerReference[] owners) => ApplyAsync(name, owners);

    private Task<SystemGeneration> ApplyAsync(string name, params V1OwnerReference[] owners) => fixture.Cluster.Admin.ApplyAsync(
        new SystemGeneration { Metadata = new V1ObjectMeta { Name = name, OwnerReferences = owners } }, "tests", TestContext.Current.CancellationToken);

    public sealed class WithPolicy : ClusterFixture
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            if (!IsStarted) return;
            await Cluster.ApplyAsync(await File.ReadAllTextAsync(ResourceDefinition.PolicyFile));
            // Policies come into force a moment after they are accepted.
            await Eventually.HoldsAsync(IsInForceAsync);
        }

        private async Task<bool> IsInForceAsync()
        {
            var foreign = new SystemGeneration { Metadata = new V1ObjectMeta { Name = "probe", OwnerReferences = [Owner(V1Node.KubeKind, "other")] } };
            try
            {
                await Cluster.Admin.ApplyAsync(foreign, "tests", CancellationToken.None);
                return false;
            }
            catch (HttpOperationException)
            {
                return true;
            }
        }
    }
}
