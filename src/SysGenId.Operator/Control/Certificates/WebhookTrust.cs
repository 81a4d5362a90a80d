using System.Text;
using k8s.Models;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>The caBundle of every webhook in a configuration: whom API servers trust when they call us.</summary>
internal static class WebhookTrust
{
    /// <summary>Names of the webhooks that have another bundle.</summary>
    public static IReadOnlyList<string> Outdated(V1MutatingWebhookConfiguration configuration, string bundle)
    {
        var wanted = Encoding.ASCII.GetBytes(bundle);
        return
        [
            .. (configuration.Webhooks ?? [])
                .Where(webhook => webhook.ClientConfig?.CaBundle is not { } there || !there.AsSpan().SequenceEqual(wanted))
                .Select(webhook => webhook.Name),
        ];
    }

    /// <summary>Sets the bundle of these webhooks and nothing else, unless somebody changed the configuration meanwhile.</summary>
    public static V1Patch Patch(V1MutatingWebhookConfiguration configuration, IEnumerable<string> webhooks, string bundle) => new(
        new
        {
            metadata = new { uid = configuration.Metadata.Uid, resourceVersion = configuration.Metadata.ResourceVersion },
            webhooks = webhooks.Select(name => new { name, clientConfig = new { caBundle = Encoding.ASCII.GetBytes(bundle) } }).ToList(),
        },
        V1Patch.PatchType.StrategicMergePatch);
}
