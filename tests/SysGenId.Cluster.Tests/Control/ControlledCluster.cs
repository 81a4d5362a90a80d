using k8s;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Control;

/// <summary>A cluster with all that the chart installs for a controller, and two users that may do what one needs, no more.</summary>
public sealed class ControlledCluster : IAsyncLifetime
{
    internal const string Namespace = "sysgenid-system";
    internal const string Injected = "injected";
    internal const string First = "controller-a";
    internal const string Second = "controller-b";

    private static readonly string[] _users = [First, Second];

    private readonly ServiceRelay _service = new();
    private readonly TestClusterOptions _options;
    private TestCluster? _cluster;

    public ControlledCluster() => _options = new TestClusterOptions
    {
        Flags = ["--user", First, "--user", Second, "--service", $"{Namespace}/sysgenid-webhook:443=127.0.0.1:{_service.Port}"],
        IsAudited = true,
        HasFaults = true,
    };

    /// <summary>The cluster. The test that asks is skipped, with the reason, where there is none.</summary>
    internal TestCluster Cluster
    {
        get
        {
            Requires.Cluster(TestCluster.AbsenceFor(_options));
            return _cluster!;
        }
    }

    internal ServiceRelay Service => _service;

    public async ValueTask InitializeAsync()
    {
        if (TestCluster.AbsenceFor(_options) is not null) return;
        _cluster = await TestCluster.StartAsync(_options);
        await _cluster.NamespaceAsync(Namespace);
        await _cluster.NamespaceAsync(Injected, (ApiNames.InjectLabel, "true"));
        await _cluster.ApplyAsync(Permissions);
        await _cluster.ApplyAsync(Webhooks);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        await _service.DisposeAsync();
    }

    /// <summary>Starts a replica that acts as one of the two users.</summary>
    internal ControllerProcess Start(string user = First, params string[] options) => ControllerProcess.Start(Cluster.Kubeconfig, user, options);

    /// <summary>What controllers wrote so far, their Lease apart; refused and failed attempts included.</summary>
    internal IReadOnlyList<AuditEntry> Writes() => [.. Cluster.Audit.Entries.Where(entry => _users.Contains(entry.User) && entry is { IsWrite: true, Resource: not "leases" })];

    /// <summary>Everything that controllers asked for so far.</summary>
    internal IReadOnlyList<AuditEntry> Requests() => [.. Cluster.Audit.Entries.Where(entry => _users.Contains(entry.User))];

    /// <summary>The DaemonSet of the agents.</summary>
    internal Task DaemonSetAsync() => Cluster.ApplyAsync($$"""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: sysgenid-agent, namespace: {{Namespace}} }
        spec:
          selector: {matchLabels: {app.kubernetes.io/component: agent} }
          template:
            metadata: {labels: {app.kubernetes.io/component: agent} }
            spec: {containers: [{name: agent, image: agent}]}
        """);

    /// <summary>A node as it is once its agent has come up: the agent's pod, and the object that the agent makes.</summary>
    internal async Task<SystemGeneration> NodeWithAgentAsync(string name, bool isReady = true)
    {
        await AgentPodAsync(name, isReady);
        return await NodeWithObjectAsync(name);
    }

    internal async Task<SystemGeneration> NodeWithObjectAsync(string name)
    {
        var node = await Cluster.NodeAsync(name);
        await Cluster.ApplyAsync($$"""
            apiVersion: sysgenid.io/v1alpha1
            kind: SystemGeneration
            metadata:
              name: {{name}}
              ownerReferences: [{apiVersion: v1, kind: Node, name: {{name}}, uid: {{node.Metadata.Uid}} }]
            spec: {}
            """);
        return (await FindAsync(name))!;
    }

    internal Task InstallWebhooksAsync() => Cluster.ApplyAsync(Webhooks);

    internal Task DeleteNodeAsync(string name) => Cluster.Admin.CoreV1.DeleteNodeAsync(name);

    internal Task DeleteAgentPodAsync(string node) => Cluster.Admin.CoreV1.DeleteNamespacedPodAsync($"sysgenid-agent-{node}", Namespace);

    internal async Task AgentPodAsync(string node, bool isReady)
    {
        await Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: sysgenid-agent-{{node}}, namespace: {{Namespace}}, labels: {app.kubernetes.io/component: agent} }
            spec: {nodeName: {{node}}, containers: [{name: agent, image: agent}]}
            """);
        var status = new V1Pod { Status = new V1PodStatus { Phase = "Running", Conditions = [new V1PodCondition { Type = "Ready", Status = isReady ? "True" : "False" }] } };
        await Cluster.Admin.CoreV1.PatchNamespacedPodStatusAsync(new V1Patch(status, V1Patch.PatchType.MergePatch), $"sysgenid-agent-{node}", Namespace);
    }

    /// <summary>The object of a node; null when there is none.</summary>
    internal async Task<SystemGeneration?> FindAsync(string name)
    {
        try
        {
            return await Cluster.Admin.SendAsync<SystemGeneration>(
                HttpMethod.Get, ResourceAddress.Object<SystemGeneration>(null, name), null, TestContext.Current.CancellationToken);
        }
        catch (k8s.Autorest.HttpOperationException failure) when (failure.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The condition AgentReady of a node, as <c>status/reason</c>; null also while our own connection is broken.</summary>
    internal async Task<string?> ReadinessAsync(string name)
    {
        try
        {
            var conditions = (await FindAsync(name))?.Status?.Conditions;
            return conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.AgentReady) is { } found ? $"{found.Status}/{found.Reason}" : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    internal Task ReadinessBecomesAsync(string name, string expected) => Eventually.HoldsAsync(async () => await ReadinessAsync(name) == expected, what: $"{name} {expected}");

    /// <summary>Takes away all that a test left.</summary>
    internal async Task CleanAsync()
    {
        await Cluster.Faults.ClearAsync();
        var core = Cluster.Admin.CoreV1;
        await Cluster.Admin.SendAsync<System.Text.Json.JsonElement>(HttpMethod.Delete, ResourceAddress.Collection<SystemGeneration>(null), null, TestContext.Current.CancellationToken);
        await core.DeleteCollectionNodeAsync();
        await core.DeleteCollectionNamespacedPodAsync(Namespace);
        await core.DeleteCollectionNamespacedSecretAsync(Namespace);
        await Cluster.Admin.CoordinationV1.DeleteCollectionNamespacedLeaseAsync(Namespace);
        await Cluster.Admin.AppsV1.DeleteCollectionNamespacedDaemonSetAsync(Namespace);
        await Cluster.Admin.AdmissionregistrationV1.DeleteCollectionMutatingWebhookConfigurationAsync();
        await Cluster.ApplyAsync(Webhooks);
    }

    private static string Subjects => string.Join(", ", _users.Select(user => $"{{kind: User, name: {user}, apiGroup: rbac.authorization.k8s.io}}"));

    private static string Permissions => $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: sysgenid-controller}
        rules:
        - {apiGroups: [sysgenid.io], resources: [systemgenerations], verbs: [list, watch, delete]}
        - {apiGroups: [sysgenid.io], resources: [systemgenerations/status], verbs: [patch]}
        - {apiGroups: [""], resources: [nodes], verbs: [list, watch, get]}
        - {apiGroups: [""], resources: [namespaces], verbs: [list, watch]}
        - {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], resourceNames: [sysgenid-injector], verbs: [list, watch, patch]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: sysgenid-controller}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: sysgenid-controller}
        subjects: [{{Subjects}}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: sysgenid-controller, namespace: {{Namespace}} }
        rules:
        - {apiGroups: [""], resources: [pods], verbs: [list, watch]}
        - {apiGroups: [apps], resources: [daemonsets], resourceNames: [sysgenid-agent], verbs: [list, watch]}
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create]}
        - {apiGroups: [coordination.k8s.io], resources: [leases], resourceNames: [sysgenid-controller], verbs: [get, update]}
        - {apiGroups: [""], resources: [secrets], verbs: [create]}
        - {apiGroups: [""], resources: [secrets], resourceNames: [sysgenid-webhook-tls], verbs: [list, watch, update]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: sysgenid-controller, namespace: {{Namespace}} }
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: sysgenid-controller}
        subjects: [{{Subjects}}]
        """;

    // As the chart's, with a failure policy that shows every call that fails.
    private static string Webhooks => $$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: sysgenid-injector}
        webhooks:
        - name: namespaces.injector.sysgenid.io
          admissionReviewVersions: [v1]
          sideEffects: None
          failurePolicy: Fail
          timeoutSeconds: 10
          namespaceSelector: {matchLabels: {sysgenid.io/inject: "true"} }
          clientConfig: {service: {namespace: {{Namespace}}, name: sysgenid-webhook, path: /mutate-pods} }
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
        - name: pods.injector.sysgenid.io
          admissionReviewVersions: [v1]
          sideEffects: None
          failurePolicy: Fail
          timeoutSeconds: 10
          objectSelector: {matchLabels: {sysgenid.io/inject: "true"} }
          clientConfig: {service: {namespace: {{Namespace}}, name: sysgenid-webhook, path: /mutate-pods} }
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
        """;
}
