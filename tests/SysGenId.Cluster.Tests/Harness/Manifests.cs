using System.Text.Json.Nodes;
using k8s.Models;
using SysGenId.Operator.Cluster;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>Applies YAML documents of any kind, as <c>kubectl apply --server-side</c> does, with strict validation.</summary>
internal sealed class Manifests(ClusterConnection cluster, string manager = "tests", bool isDryRun = false)
{
    /// <summary>Applies every document, in order; returns what the server made of them.</summary>
    /// <exception cref="k8s.Autorest.HttpOperationException">The server refused one.</exception>
    public async Task<IReadOnlyList<JsonObject>> ApplyAsync(string yaml)
    {
        var applied = new List<JsonObject>();
        foreach (var document in Documents(yaml)) applied.Add(await ApplyAsync(document));
        return applied;
    }

    /// <summary>The documents of a YAML text, as JSON; empty ones are left out.</summary>
    public static IReadOnlyList<JsonObject> Documents(string yaml)
    {
        var documents = new List<JsonObject>();
        var reader = new Parser(new StringReader(yaml));
        reader.Consume<StreamStart>();
        // Quoted numbers must stay strings: attempting types applies to plain scalars only.
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var serializer = new SerializerBuilder().JsonCompatible().Build();
        while (reader.Accept<DocumentStart>(out _))
        {
            if (deserializer.Deserialize<object?>(reader) is { } document) documents.Add(JsonNode.Parse(serializer.Serialize(document))!.AsObject());
        }

        return documents;
    }

    /// <summary>Applies one object.</summary>
    public async Task<JsonObject> ApplyAsync(JsonObject document)
    {
        var path = await PathAsync(document);
        var query = $"?fieldManager={manager}&force=true&fieldValidation=Strict{(isDryRun ? "&dryRun=All" : "")}";
        var patch = new V1Patch(document.ToJsonString(), V1Patch.PatchType.ApplyPatch);
        return await cluster.SendAsync<JsonObject>(HttpMethod.Patch, path + query, patch, TestContext.Current.CancellationToken);
    }

    /// <summary>Where the server has this object, without a leading slash.</summary>
    public async Task<string> PathAsync(JsonObject document)
    {
        var apiVersion = document["apiVersion"]!.GetValue<string>();
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{apiVersion}" : $"api/{apiVersion}";
        var resources = await cluster.SendAsync<V1APIResourceList>(HttpMethod.Get, root, null, TestContext.Current.CancellationToken);
        var kind = document["kind"]!.GetValue<string>();
        var resource = resources.Resources.First(resource => resource.Kind == kind && !resource.Name.Contains('/', StringComparison.Ordinal));
        var inNamespace = resource.Namespaced ? $"namespaces/{document["metadata"]!["namespace"]?.GetValue<string>() ?? "default"}/" : "";
        return $"{root}/{inNamespace}{resource.Name}/{document["metadata"]!["name"]!.GetValue<string>()}";
    }
}
