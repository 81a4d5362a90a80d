using System.Text;
using k8s;
using k8s.Models;
using SysGenId.Operator.Control.Certificates;

namespace SysGenId.Operator.Tests.Control.Certificates;

public sealed class WebhookTrustTests
{
    [Fact]
    public void Only_webhooks_with_another_bundle_are_patched_and_only_if_nobody_wrote_meanwhile()
    {
        var configuration = Configuration(("right", "bundle"), ("wrong", "other"), ("empty", null));
        var outdated = WebhookTrust.Outdated(configuration, "bundle");
        Assert.Equal(["wrong", "empty"], outdated);
        var patch = WebhookTrust.Patch(configuration, outdated, "bundle");
        Assert.Equal(V1Patch.PatchType.StrategicMergePatch, patch.Type);
        Assert.Equal(
            """{"metadata":{"uid":"u","resourceVersion":"7"},"webhooks":[{"name":"wrong","clientConfig":{"caBundle":"YnVuZGxl"}},{"name":"empty","clientConfig":{"caBundle":"YnVuZGxl"}}]}""",
            KubernetesJson.Serialize(patch.Content));
    }

    [Fact]
    public void A_configuration_without_webhooks_trusts_as_it_should() =>
        Assert.Empty(WebhookTrust.Outdated(new V1MutatingWebhookConfiguration { Metadata = new() }, "bundle"));

    private static V1MutatingWebhookConfiguration Configuration(params (string Name, string? Bundle)[] webhooks) => new()
    {
        Metadata = new V1ObjectMeta { Name = "sysgenid-injector", Uid = "u", ResourceVersion = "7" },
        Webhooks =
        [
            .. webhooks.Select(webhook => new V1MutatingWebhook
            {
                Name = webhook.Name,
                ClientConfig = new() { CaBundle = webhook.Bundle is null ? null : Encoding.ASCII.GetBytes(webhook.Bundle) },
            }),
        ],
    };
}
