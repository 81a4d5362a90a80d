using System.Text.Json.Nodes;
using k8s.Autorest;
using SysGenId.TestSupport;
using static SysGenId.Cluster.Tests.Admission.InjectionFixture;

namespace SysGenId.Cluster.Tests.Admission;

public sealed class RestrictedTests(InjectionFixture fixture) : IClassFixture<InjectionFixture>
{
    [Fact]
    public async Task A_pod_within_the_restricted_profile_is_within_it_when_it_is_injected()
    {
        await fixture.Cluster.NamespaceAsync("restricted", (RestrictedPolicy.Label, "true"));
        await fixture.Cluster.ApplyAsync(RestrictedPolicy.Yaml);
        await Eventually.HoldsAsync(() => IsRefusedAsync(Pod(inject: null)));
        Assert.True(IsInjected(await fixture.CreateAsync("restricted", Restricted(Pod("true", "sysgenid.io/device", "true")))));

        // The policy is no pushover: each of these the sidecar must have.
        var injected = await fixture.CreateAsync("restricted", Restricted(Pod()), isDryRun: true);
        foreach (var field in new[] { "allowPrivilegeEscalation", "capabilities", "runAsNonRoot", "seccompProfile" })
        {
            var copy = Restricted(Pod());
            copy["spec"]!["initContainers"] = injected["spec"]!["initContainers"]!.DeepClone();
            copy["spec"]!["initContainers"]![0]!["securityContext"]!.AsObject().Remove(field);
            Assert.True(await IsRefusedAsync(copy), field);
        }
    }

    private static JsonObject Restricted(JsonObject pod)
    {
        pod["spec"]!["containers"]![0]!["securityContext"] = JsonNode.Parse(
            """{"allowPrivilegeEscalation":false,"runAsNonRoot":true,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}}""");
        return pod;
    }

    private async Task<bool> IsRefusedAsync(JsonObject pod)
    {
        try
        {
            await fixture.CreateAsync("restricted", pod, isDryRun: true);
            return false;
        }
        catch (HttpOperationException refusal) when (refusal.Response.Content.Contains("ValidatingAdmissionPolicy 'restricted'", StringComparison.Ordinal))
        {
            return true;
        }
    }
}
