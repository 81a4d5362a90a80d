using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SysGenId.Operator.Cluster;

/// <summary>
/// Which installation a pod belongs to: the UID of its service account, which an upgrade keeps and the next installation
/// does not have. An uninstall asks the agents of one installation; its request outlives it in the SystemGenerations.
/// </summary>
internal static class Installation
{
    /// <summary>Where the kubelet puts a pod's token.</summary>
    public const string TokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// <summary>That of this process; null for one that is no pod.</summary>
    public static string? Own()
    {
        try
        {
            return Of(File.ReadAllText(TokenFile));
        }
        catch (Exception mistake) when (mistake is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>That of a token; null for one that names none. The token is not verified: it is the reader's own.</summary>
    public static string? Of(string token)
    {
        if (token.Trim().Split('.') is not [_, var claims, _]) return null;
        try
        {
            var account = JsonNode.Parse(Base64Url.DecodeFromChars(claims))?["kubernetes.io"]?["serviceaccount"]?["uid"];
            return account?.GetValueKind() == JsonValueKind.String ? account.GetValue<string>() : null;
        }
        catch (Exception mistake) when (mistake is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
