namespace SysGenId.Cluster.Tests.Admission;

/// <summary>Configurations of webhooks, as the chart makes them.</summary>
internal static class WebhookConfiguration
{
    /// <summary>Ours: pods that say something themselves, and pods of namespaces that say so for them.</summary>
    public static string Injector(string authority) => $$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata:
          name: sysgenid-injector
        webhooks:
        - name: pod.inject.sysgenid.io
          objectSelector:
            matchExpressions:
            - {key: sysgenid.io/inject, operator: Exists}
            - {key: sysgenid.io/inject, operator: NotIn, values: ['false']}
          namespaceSelector:
            matchExpressions:
            - {key: tests/without-us, operator: DoesNotExist}
        {{Service("/mutate-pods", 443, authority)}}
          reinvocationPolicy: IfNeeded
          failurePolicy: Fail
        - name: namespace.inject.sysgenid.io
          objectSelector:
            matchExpressions:
            - {key: sysgenid.io/inject, operator: DoesNotExist}
          namespaceSelector:
            matchLabels: {sysgenid.io/inject: 'true'}
        {{Service("/mutate-pods", 443, authority)}}
          reinvocationPolicy: IfNeeded
          failurePolicy: Fail
        """;

    /// <summary>Somebody else's, called before or after ours by its name, for the pods of one namespace.</summary>
    public static string Foreign(string name, string inNamespace, string authority) =>
        OfNamespace(name, inNamespace, "foreign.example.org", ForeignInjector.Path, 443, authority, "Fail");

    /// <summary>Ours for the pods of one namespace, at a port where nobody listens.</summary>
    public static string Away(string inNamespace, string authority, string failurePolicy) =>
        OfNamespace($"away-{inNamespace}", inNamespace, "pod.inject.sysgenid.io", "/mutate-pods", 444, authority, failurePolicy);

    private static string OfNamespace(string name, string inNamespace, string webhook, string path, int port, string authority, string failurePolicy) => $$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata:
          name: {{name}}
        webhooks:
        - name: {{webhook}}
          namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: {{inNamespace}}}
        {{Service(path, port, authority)}}
          reinvocationPolicy: Never
          failurePolicy: {{failurePolicy}}
        """;

    private static string Service(string path, int port, string authority) => $$"""
          clientConfig:
            caBundle: {{authority}}
            service: {namespace: {{TestWebhook.Namespace}}, name: {{TestWebhook.Service}}, path: {{path}}, port: {{port}}}
          rules:
          - {apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE], scope: Namespaced}
          admissionReviewVersions: [v1]
          sideEffects: None
          timeoutSeconds: 30
        """;
}
