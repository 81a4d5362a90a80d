using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace SysGenId.Operator.Cluster;

/// <summary>
/// Server-side apply: one writes the fields one owns, under a manager's name, and no read, resource version or conflict
/// with the writers of other fields is involved. A field left out that the manager owned before is given up.
/// </summary>
internal static class ServerSideApply
{
    /// <summary>Creates or changes an object; returns what the server has now.</summary>
    /// <param name="cluster">The connection.</param>
    /// <param name="wanted">The fields to own; name (and namespace) must be set. Nulls are left out, and so is the status.</param>
    /// <param name="manager">The field manager, see ApiNames.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <param name="force">Take fields that another manager owns, instead of a conflict (409).</param>
    public static Task<T> ApplyAsync<T>(this ClusterConnection cluster, T wanted, string manager, CancellationToken cancellation, bool force = true)
        where T : IKubernetesObject<V1ObjectMeta> => cluster.ApplyAsync(wanted, null, manager, force, cancellation);

    /// <summary>Changes the status of an object that is there; returns what the server has now. Spec and labels in it are left out.
    /// With a resource version it is a conflict (409) when the object is not that one any more.</summary>
    /// <inheritdoc cref="ApplyAsync{T}(ClusterConnection, T, string, CancellationToken, bool)" path="/param"/>
    public static Task<T> ApplyStatusAsync<T>(this ClusterConnection cluster, T wanted, string manager, CancellationToken cancellation, bool force = true)
        where T : IKubernetesObject<V1ObjectMeta> => cluster.ApplyAsync(wanted, "status", manager, force, cancellation);

    private static Task<T> ApplyAsync<T>(
        this ClusterConnection cluster, T wanted, string? subresource, string manager, bool force, CancellationToken cancellation)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var path = ResourceAddress.Object<T>(wanted.Metadata.NamespaceProperty, wanted.Metadata.Name, subresource);
        var query = $"?fieldManager={Uri.EscapeDataString(manager)}&force={(force ? "true" : "false")}";
        var patch = new V1Patch(Body(wanted, subresource), V1Patch.PatchType.ApplyPatch);
        return cluster.SendAsync<T>(HttpMethod.Patch, path + query, patch, cancellation);
    }

    /// <summary>An object as read from the server can be given back: what only the server may set is not in the body.</summary>
    private static string Body<T>(T wanted, string? subresource)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var body = JsonNode.Parse(KubernetesJson.Serialize(wanted))!.AsObject();
        body["apiVersion"] = ResourceAddress.ApiVersion<T>();
        body["kind"] = ResourceAddress.Kind<T>();
        if (subresource is null)
        {
            body.Remove("status");
            foreach (var serverSide in new[] { "managedFields", "creationTimestamp", "generation", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds" })
                body["metadata"]!.AsObject().Remove(serverSide);
        }
        else
        {
            body.Remove("spec");
            var metadata = new JsonObject { ["name"] = wanted.Metadata.Name };
            if (wanted.Metadata.NamespaceProperty is { } inNamespace) metadata["namespace"] = inNamespace;

            // A conflict then, rather than the status of one object on another that has its name.
            if (wanted.Metadata.Uid is { } uid) metadata["uid"] = uid;

            // And rather than over what somebody has written since that version.
            if (wanted.Metadata.ResourceVersion is { } version) metadata["resourceVersion"] = version;
            body["metadata"] = metadata;
        }

        return body.ToJsonString();
    }
}
