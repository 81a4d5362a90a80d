using SysGenId.Chart.Tests.Rendering;

namespace SysGenId.Chart.Tests.Values;

/// <summary>values.schema.json, as helm applies it.</summary>
public sealed class SchemaTests
{
    /// <summary>A value that is refused, and what the refusal must name.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "agnet.port=1", "agnet" },
        { "agent.prot=1", "prot" },
        { "agent.updateStrategy=Recreate", "updateStrategy" },
        { "agent.port=0", "port" },
        { "agent.port=65536", "port" },
        { "agent.port=http", "port" },
        { "agent.installHook=maybe", "installHook" },
        { "agent.restoreScope=Cluster", "restoreScope" },
        { "agent.restoreFailurePolicy=fail", "restoreFailurePolicy" },
        { "agent.publishTimeout=5", "publishTimeout" },
        { "agent.publishTimeout=5h", "publishTimeout" },
        { "agent.maximumJump=0", "maximumJump" },
        { "agent.maximumJump=2147483649", "maximumJump" },
        { "agent.logLevel=Loud", "logLevel" },
        { "agent.nodeSelector.disk=1", "nodeSelector" },
        { "agent.hostPaths.run=/tmp", "hostPaths" },
        { "controller.replicas=-1", "replicas" },
        { "controller.replicas=two", "replicas" },
        { "controller.podDisruptionBudget.maxUnavailable=half", "maxUnavailable" },
        { "commonLabels.tier=1", "commonLabels" },
        { "fullnameOverride=", "fullnameOverride" },
        { "fullnameOverride=Sys_Gen", "fullnameOverride" },
        { "image.pullPolicy=Sometimes", "pullPolicy" },
        { "image.pullSecrets={mirror}", "pullSecrets" },
        { "image.registry=https://ghcr.io/", "registry" },
        { "image.sidecar.digest=sha256:123", "digest" },
        { "image.operator.tag=a b", "tag" },
        { "webhook.failurePolicy=Deny", "failurePolicy" },
        { "webhook.timeoutSeconds=31", "timeoutSeconds" },
        { "webhook.certificates.mode=vault", "mode" },
        { "webhook.certificates.certManager.issuerRef.namespace=x", "issuerRef" },
        { "sidecar.resources.requests.cpu=lots", "cpu" },
        { "sidecar.resources.limits.disk=1Gi", "disk" },
        { "networkPolicy.egress.apiServerPorts={}", "apiServerPorts" },
        { "priorityClass.value=1000000001", "value" },
        { "podMonitor.interval=often", "interval" },
        { "uninstall.timeout=soon", "timeout" },
    };

    public static TheoryData<string> Accepted =>
    [
        "global.anything=1",
        "agent.tolerations=null",
        "agent.updateStrategy.type=OnDelete",
        "agent.nodeSelector.disk=ssd",
        "agent.publishTimeout=60s",
        "controller.podDisruptionBudget.maxUnavailable=0",
        "controller.podDisruptionBudget.maxUnavailable=50%",
        "image.registry=localhost:5000",
        "image.operator.digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sidecar.resources.limits.cpu=0.5",
        "sidecar.resources.requests.cpu=",
        "webhook.certificates.certManager.issuerRef.name=company",
        "webhook.timeoutSeconds=30",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_value_that_cannot_be_meant_is_refused_by_name(string value, string named)
    {
        foreach (var version in Helm.Versions)
        {
            var template = await TemplateAsync(version, value);

            Assert.NotEqual(0, template.ExitCode);
            Assert.Contains("values don't meet the specifications of the schema", template.Errors, StringComparison.Ordinal);
            Assert.Contains(named, template.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task A_value_that_can_be_meant_is_taken(string value)
    {
        foreach (var version in Helm.Versions) (await TemplateAsync(version, value)).OrThrow();
    }

    private static Task<TestSupport.CommandResult> TemplateAsync(string version, string value) =>
        Helm.RunAsync(version, "template", ChartUnderTest.Release, ChartUnderTest.Directory, "--set", value);
}
