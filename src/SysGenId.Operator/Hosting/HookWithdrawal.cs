using System.Text.Json.Nodes;
using k8s.Models;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node.Gate;

namespace SysGenId.Operator.Hosting;

/// <summary>
/// Asks every node's agent to take the hook off, by an annotation of its object, and waits until each has said that it is
/// off. Nodes that come meanwhile are asked, too; those that are gone or not ready cannot answer, and are not waited for.
/// </summary>
/// <param name="cluster">The connection.</param>
/// <param name="objects">All SystemGenerations; run by this.</param>
/// <param name="request">What is asked, see <see cref="ApiNames.UninstallAnnotation"/>.</param>
/// <param name="clock">For the timeout.</param>
internal sealed class HookWithdrawal(ClusterConnection cluster, ObjectWatch<SystemGeneration> objects, string request, TimeProvider clock)
{
    private const string Ready = "Ready";

    /// <exception cref="k8s.Autorest.HttpOperationException">The API server refused something.</exception>
    public async Task<WithdrawalResult> RunAsync(TimeSpan timeout, CancellationToken stop)
    {
        if (!await IsDefinedAsync(stop).ConfigureAwait(false)) return new WithdrawalResult([], [], []);
        using var patience = new CancellationTokenSource(timeout, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        using var changed = new SemaphoreSlim(1);
        objects.Changed += _ => Wake(changed);
        var watching = objects.RunAsync(end.Token);
        var absent = new Dictionary<string, string>();
        try
        {
            await objects.Synced.WaitAsync(end.Token).ConfigureAwait(false);
            do
            {
                await changed.WaitAsync(end.Token).ConfigureAwait(false);
                absent = await AbsentNodesAsync(end.Token).ConfigureAwait(false);
                foreach (var item in objects.Objects.Values.Where(item => !IsAsked(item))) await AskAsync(item.Metadata.Name, end.Token).ConfigureAwait(false);
            }
            while (objects.Objects.Values.Any(item => !IsWithdrawn(item) && !absent.ContainsKey(item.Metadata.Name)));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Who has not answered by now is named below.
        }

        var result = Result(absent, objects.IsSynced);
        await end.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        return result;
    }

    private static void Wake(SemaphoreSlim changed)
    {
        if (changed.CurrentCount == 0) changed.Release();
    }

    private bool IsAsked(SystemGeneration item) =>
        item.Metadata.Annotations?.TryGetValue(ApiNames.UninstallAnnotation, out var value) == true && value == request;

    private static bool IsWithdrawn(SystemGeneration item) => GateOf(item) is { Status: "False" } gate && gate.Reason == nameof(GateReason.HookRemoved);

    private static V1Condition? GateOf(SystemGeneration item) => item.Status?.Conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.GateProven);

    // Without the definition there are no objects, and so no agents that would answer.
    private async Task<bool> IsDefinedAsync(CancellationToken stop)
    {
        try
        {
            await cluster.SendAsync<ObjectPage<SystemGeneration>>(HttpMethod.Get, ResourceAddress.Collection<SystemGeneration>(null) + "?limit=1", null, stop).ConfigureAwait(false);
            return true;
        }
        catch (Exception mistake) when (ApiFault.Of(mistake, stop) is { IsNotFound: true })
        {
            return false;
        }
    }

    private async Task AskAsync(string name, CancellationToken stop)
    {
        var annotations = new JsonObject { [ApiNames.UninstallAnnotation] = request };
        var patch = new V1Patch(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }.ToJsonString(), V1Patch.PatchType.MergePatch);
        try
        {
            await cluster.SendAsync<SystemGeneration>(HttpMethod.Patch, ResourceAddress.Object<SystemGeneration>(null, name), patch, stop).ConfigureAwait(false);
        }
        catch (Exception mistake) when (ApiFault.Of(mistake, stop) is { IsNotFound: true })
        {
            // Removed meanwhile.
        }
    }

    // A node that is not ready runs no agent that could hear, and restores nothing that we could spoil.
    private async Task<Dictionary<string, string>> AbsentNodesAsync(CancellationToken stop)
    {
        var nodes = await cluster.SendAsync<ObjectPage<V1Node>>(HttpMethod.Get, ResourceAddress.Collection<V1Node>(null), null, stop).ConfigureAwait(false);
        var known = nodes.Items.ToDictionary(node => node.Metadata.Name);
        var absent = new Dictionary<string, string>();
        foreach (var name in objects.Objects.Keys)
        {
            if (!known.TryGetValue(name, out var node)) absent[name] = "there is no such node any more";
            else if (node.Status?.Conditions?.Any(condition => condition.Type == Ready && condition.Status != "True") == true) absent[name] = "the node is not ready";
        }

        return absent;
    }

    private WithdrawalResult Result(Dictionary<string, string> absent, bool isSynced)
    {
        if (!isSynced) return new WithdrawalResult([], [], [("all nodes", "the API server did not list them in time")]);
        var all = objects.Objects.Values.OrderBy(item => item.Metadata.Name, StringComparer.Ordinal).ToList();
        return new WithdrawalResult(
            [.. all.Where(IsWithdrawn).Select(item => item.Metadata.Name)],
            [.. all.Where(item => !IsWithdrawn(item) && absent.ContainsKey(item.Metadata.Name)).Select(item => (item.Metadata.Name, absent[item.Metadata.Name]))],
            [.. all.Where(item => !IsWithdrawn(item) && !absent.ContainsKey(item.Metadata.Name)).Select(item => (item.Metadata.Name, Answer(item)))]);
    }

    private static string Answer(SystemGeneration item) =>
        GateOf(item) is { } gate ? $"its agent did not say that the hook is off ({gate.Reason}: {gate.Message})" : "its agent has never reported";
}
