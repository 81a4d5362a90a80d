using SysGenId.Chart.Tests.Rendering;

namespace SysGenId.Chart.Tests.Cluster;

/// <summary>Every object of every value set, before a real API server that refuses fields it does not know.</summary>
public sealed class StrictApplyTests(StrictApplyTests.Fixture fixture) : IClassFixture<StrictApplyTests.Fixture>
{
    /// <summary>Kinds of other projects, as far as their definitions are ours to test: they are there, and take anything.</summary>
    private static readonly (string Group, string Kind)[] _foreign =
        [("cert-manager.io", "Certificate"), ("cert-manager.io", "Issuer"), ("monitoring.coreos.com", "PodMonitor")];

    public static TheoryData<string> ValueSets => ChartUnderTest.ValueSets;

    [Theory]
    [MemberData(nameof(ValueSets))]
    public async Task The_server_takes_every_object_as_it_is(string set)
    {
        var cluster = await fixture.ClusterAsync();
        var text = await ChartUnderTest.RenderAsync(set);

        var applied = await cluster.ApplyAsync(cluster.Kubeconfig.File, text, "--dry-run=server");

        Assert.True(applied.ExitCode == 0, applied.Errors);
        Assert.Equal(YamlText.Documents(text).Count, applied.Output.Split('\n').Count(line => line.EndsWith("(server dry run)", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_field_that_is_none_would_be_noticed()
    {
        var cluster = await fixture.ClusterAsync();
        var text = (await ChartUnderTest.RenderAsync("default")).Replace("failurePolicy: Ignore", "failurePolicies: Ignore", StringComparison.Ordinal);

        var applied = await cluster.ApplyAsync(cluster.Kubeconfig.File, text, "--dry-run=server");

        Assert.NotEqual(0, applied.ExitCode);
        Assert.Contains("failurePolicies", applied.Errors, StringComparison.Ordinal);
    }

    public sealed class Fixture : ChartClusterFixture
    {
        private protected override async Task<ChartCluster> PrepareAsync()
        {
            var cluster = await base.PrepareAsync();
            await cluster.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {ChartUnderTest.Namespace}}}}}");
            foreach (var (group, kind) in _foreign) await cluster.ApplyAsync(Definition(group, kind));
            (await cluster.KubectlAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=20s")).OrThrow();
            return cluster;
        }

        private static string Definition(string group, string kind)
        {
            var (singular, version) = (kind.ToLowerInvariant(), "v1");
            return $$"""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: {{singular}}s.{{group}}}
                spec:
                  group: {{group}}
                  scope: Namespaced
                  names: {kind: {{kind}}, singular: {{singular}}, plural: {{singular}}s}
                  versions:
                    - name: {{version}}
                      served: true
                      storage: true
                      schema:
                        openAPIV3Schema:
                          type: object
                          properties:
                            spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
                """;
        }
    }
}
