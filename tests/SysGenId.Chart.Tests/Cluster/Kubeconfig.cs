using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using SysGenId.Chart.Tests.Rendering;

namespace SysGenId.Chart.Tests.Cluster;

/// <summary>The administrator of a kubeconfig file.</summary>
internal sealed record Kubeconfig(string File, Uri Server, X509Certificate2 Authority, string Token)
{
    public static Kubeconfig Read(string file)
    {
        var content = YamlText.Documents(System.IO.File.ReadAllText(file)).Single();
        var cluster = content["clusters"]![0]!["cluster"]!;
        var administrator = content["users"]!.AsArray().Single(user => (string)user!["name"]! == "admin")!;
        return new Kubeconfig(file, new Uri((string)cluster["server"]!), ReadAuthority(cluster), (string)administrator["user"]!["token"]!);
    }

    private static X509Certificate2 ReadAuthority(JsonNode cluster) =>
        X509Certificate2.CreateFromPem((string?)cluster["certificate-authority-data"] is { } data
            ? Encoding.ASCII.GetString(Convert.FromBase64String(data))
            : System.IO.File.ReadAllText((string)cluster["certificate-authority"]!));
}
