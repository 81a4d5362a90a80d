using System.Text.Json.Nodes;
using k8s;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>Our CustomResourceDefinition, as it is installed.</summary>
internal static class ResourceDefinition
{
    public const string Name = $"{ApiNames.Plural}.{ApiNames.Group}";

    public static string File { get; } = Path.Combine(ToolPaths.Repository, "config", "crd", "systemgenerations.yaml");

    /// <summary>The policy beside it: what a schema cannot say.</summary>
    public static string PolicyFile { get; } = Path.Combine(ToolPaths.Repository, "config", "crd", "systemgenerations-policy.yaml");

    public static JsonObject Document() => Assert.Single(Manifests.Documents(System.IO.File.ReadAllText(File)));

    /// <summary>The schema of the one version.</summary>
    public static JsonObject Schema() => Document()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    /// <summary>Whether objects can be made: the condition comes a moment before the path is served.</summary>
    public static async Task<bool> IsServedAsync(ClusterConnection cluster)
    {
        try
        {
            await cluster.SendAsync<ObjectPage<SystemGeneration>>(
                HttpMethod.Get, ResourceAddress.Collection<SystemGeneration>(null) + "?limit=1", null, TestContext.Current.CancellationToken);
            var definition = await cluster.ApiextensionsV1.ReadCustomResourceDefinitionAsync(Name);
            return definition.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) is true;
        }
        catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode is System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
