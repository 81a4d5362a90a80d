using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>A definition that checks nothing, as an older or a foreign one may: what it lets through does not reach the agent.</summary>
public sealed class LooseSpecTests(LooseSpecTests.LooseFixture fixture) : IClassFixture<LooseSpecTests.LooseFixture>
{
    [Fact]
    public async Task A_spec_that_makes_no_sense_is_told_of_and_what_was_in_force_before_stays()
    {
        await using var agent = await AgentOnCluster.StartAsync(fixture.Cluster, "loose");
        await agent.ReportsAsync(0);
        await agent.PatchAsync("""{"spec":{"restoreScope":"Pod","publishTimeout":"3s"}}""");
        var sane = await agent.ObjectAsync(present => present.Status?.ObservedGeneration == present.Metadata.Generation, "it is in force");

        await agent.PatchAsync("""{"spec":{"restoreScope":"Cluster","restoreFailurePolicy":"1","publishTimeout":"never","minimumGeneration":-4}}""");

        var told = await agent.EventAsync("InvalidSpec", "Node", agent.Name);
        Assert.Equal(
            "spec.minimumGeneration must be from 0 to 4294967295, not -4. spec.restoreScope must be Node or Pod, not 'Cluster'. "
            + "spec.restoreFailurePolicy must be Fail or Ignore, not '1'. spec.publishTimeout must be a duration from 10ms to 60s, not 'never'. "
            + "What was in force before stays.",
            told.Message);
        Assert.Equal("Warning", (await agent.EventAsync("InvalidSpec", ApiNames.Kind, agent.Name)).Type);
        var status = await agent.AskAsync(new { op = "status" });
        Assert.Equal("Pod Fail 3000", $"{status.GetProperty("restoreScope")} {status.GetProperty("restoreFailurePolicy")} {status.GetProperty("publishTimeoutMs")}");
        Assert.Equal(sane.Status!.ObservedGeneration, (await agent.ObjectAsync())!.Status!.ObservedGeneration);

        // What makes sense beside it is done, and nobody falls over.
        await agent.PatchAsync("""{"spec":{"restoreScope":null,"restoreFailurePolicy":null,"publishTimeout":null,"minimumGeneration":6}}""");
        await agent.ReportsAsync(6);
    }

    /// <summary>A cluster with the definition but none of its rules.</summary>
    public sealed class LooseFixture() : ClusterFixture(new TestClusterOptions { HasDefinition = false })
    {
        private const string Definition = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: systemgenerations.sysgenid.io
            spec:
              group: sysgenid.io
              scope: Cluster
              names: {kind: SystemGeneration, listKind: SystemGenerationList, plural: systemgenerations, singular: systemgeneration}
              versions:
              - name: v1alpha1
                served: true
                storage: true
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """;

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            if (!IsThere) return;
            await Cluster.ApplyAsync(Definition);
            await TestSupport.Eventually.HoldsAsync(() => ResourceDefinition.IsServedAsync(Cluster.Admin));
        }

        private static bool IsThere => TestCluster.AbsenceFor(new TestClusterOptions()) is null;
    }
}
