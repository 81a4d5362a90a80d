using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>Keeps the label of a node by which pods that want the device find a gate that is proven (S27).</summary>
internal sealed class GateLabel(ClusterConnection cluster, ILogger log)
{
    /// <summary>Makes the label what it has to be.</summary>
    /// <param name="node">The node.</param>
    /// <param name="snapshot">How its agent is.</param>
    /// <param name="mayPromise">Whether the label may be set; taken off it is in any case.</param>
    /// <param name="stop">Ends the wait for the answer.</param>
    /// <returns>Whether it had to be changed.</returns>
    public async Task<bool> KeepAsync(V1Node node, NodeSnapshot snapshot, bool mayPromise, CancellationToken stop)
    {
        // Until its proof has ended an agent knows nothing better than what is there.
        if (!snapshot.IsGateSettled) return false;
        var wanted = snapshot.Gate.IsProven ? ApiNames.GateProven : null;
        string? present = null;
        node.Metadata.Labels?.TryGetValue(ApiNames.GateLabel, out present);
        if (present == wanted || (wanted is not null && !mayPromise)) return false;

        // A merge patch, as applying would make a node of one that has just been removed.
        var labels = new JsonObject { [ApiNames.GateLabel] = wanted };
        var patch = new V1Patch(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } }.ToJsonString(), V1Patch.PatchType.MergePatch);
        var path = $"{ResourceAddress.Object<V1Node>(null, node.Metadata.Name)}?fieldManager={ApiNames.AgentManager}";
        await cluster.SendAsync<V1Node>(HttpMethod.Patch, path, patch, stop).ConfigureAwait(false);
        log.LabelChanged(node.Metadata.Name, ApiNames.GateLabel, wanted is null ? "removed" : $"set to {wanted}");
        return true;
    }
}
