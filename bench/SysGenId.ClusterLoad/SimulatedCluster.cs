using k8s;
using k8s.Autorest;
using k8s.Models;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.ClusterLoad;

/// <summary>Nodes and, on each, an agent's pod that is ready: what a cluster of that size would have.</summary>
internal sealed class SimulatedCluster(ClusterConnection admin, int count)
{
    private const string Namespace = "sysgenid-system";
    private const string DaemonSet = "sysgenid-agent";

    private static readonly Dictionary<string, string> Labels = new() { ["app"] = DaemonSet };

    public IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, count).Select(index => $"node-{index:0000}")];

    /// <summary>Makes what is not there.</summary>
    /// <param name="definition">The YAML of our resource definition.</param>
    public async Task MakeAsync(string definition)
    {
        await MakeAsync(() => admin.ApiextensionsV1.CreateCustomResourceDefinitionAsync(KubernetesYaml.Deserialize<V1CustomResourceDefinition>(definition)));
        await MakeAsync(() => admin.AdmissionregistrationV1.CreateMutatingWebhookConfigurationAsync(Injector()));
        await MakeAsync(() => admin.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = Namespace } }));
        await MakeAsync(() => admin.AppsV1.CreateNamespacedDaemonSetAsync(TheDaemonSet(), Namespace));
        var owner = await admin.AppsV1.ReadNamespacedDaemonSetAsync(DaemonSet, Namespace);
        await Parallel.ForEachAsync(Names, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (name, cancellation) =>
        {
            await MakeAsync(() => admin.CoreV1.CreateNodeAsync(new V1Node { Metadata = new() { Name = name } }, cancellationToken: cancellation));
            await MakeAsync(() => admin.CoreV1.CreateNamespacedPodAsync(Pod(name, owner), Namespace, cancellationToken: cancellation));
            var ready = new V1Patch("""{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", V1Patch.PatchType.MergePatch);
            await admin.CoreV1.PatchNamespacedPodStatusAsync(ready, PodName(name), Namespace, cancellationToken: cancellation);
        });
    }

    /// <summary>Waits until every object shows its node's generation, and the controller has said that its agent is ready.</summary>
    public async Task ShowsAsync(Func<Task<IReadOnlyDictionary<string, uint>>> wanted)
    {
        while (!await IsShownAsync(await wanted())) await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
    }

    private async Task<bool> IsShownAsync(IReadOnlyDictionary<string, uint> generations)
    {
        try
        {
            var list = await admin.SendAsync<ObjectPage<SystemGeneration>>(HttpMethod.Get, ResourceAddress.Collection<SystemGeneration>(null), null, CancellationToken.None);
            var shown = list.Items.Where(IsAgentReady).ToDictionary(item => item.Metadata.Name, item => item.Status?.Generation);
            return generations.All(entry => shown.GetValueOrDefault(entry.Key) == entry.Value);
        }
        catch (Exception e) when (ApiFault.Of(e, CancellationToken.None) is { } fault && (fault.IsTransient || fault.IsNotFound))
        {
            return false; // It is busy, or the definition is not served yet.
        }
    }

    private static bool IsAgentReady(SystemGeneration item) =>
        item.Status?.Conditions?.Any(condition => condition is { Type: ConditionTypes.AgentReady, Status: "True" }) is true;

    private static string PodName(string node) => $"{DaemonSet}-{node}";

    private static V1MutatingWebhookConfiguration Injector() => new()
    {
        Metadata = new() { Name = "sysgenid-injector" },
        Webhooks =
        [
            new()
            {
                Name = "inject.sysgenid.io",
                AdmissionReviewVersions = ["v1"],
                SideEffects = "None",
                FailurePolicy = "Ignore",
                ClientConfig = new() { Service = new() { NamespaceProperty = Namespace, Name = "sysgenid-webhook", Path = "/mutate-pods" } },
                ObjectSelector = new() { MatchLabels = new Dictionary<string, string> { [ApiNames.InjectLabel] = "true" } },
                Rules = [new() { ApiGroups = [""], ApiVersions = ["v1"], Operations = ["CREATE"], Resources = ["pods"] }],
            },
        ],
    };

    private static V1DaemonSet TheDaemonSet() => new()
    {
        Metadata = new() { Name = DaemonSet },
        Spec = new() { Selector = new() { MatchLabels = Labels }, Template = new() { Metadata = new() { Labels = Labels }, Spec = Agent(null) } },
    };

    private static V1Pod Pod(string node, V1DaemonSet owner) => new()
    {
        Metadata = new()
        {
            Name = PodName(node),
            Labels = Labels,
            OwnerReferences = [new() { ApiVersion = "apps/v1", Kind = V1DaemonSet.KubeKind, Name = DaemonSet, Uid = owner.Metadata.Uid, Controller = true }],
        },
        Spec = Agent(node),
    };

    private static V1PodSpec Agent(string? node) => new() { NodeName = node, Containers = [new() { Name = "agent", Image = "sysgenid-operator" }] };

    private static async Task MakeAsync<T>(Func<Task<T>> make)
    {
        try
        {
            await make();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is System.Net.HttpStatusCode.Conflict)
        {
            // It is there.
        }
    }
}
