using k8s;
using k8s.KubeConfigModels;
using YamlDotNet.RepresentationModel;

namespace SysGenId.Operator.Cluster;

/// <summary>Reads a kubeconfig: what the library reads of it, and <c>tokenFile</c>, which it does not.</summary>
internal static class KubeconfigFile
{
    /// <exception cref="ClusterUnavailableException">There is no such file.</exception>
    /// <exception cref="k8s.Exceptions.KubeConfigException">It makes no sense.</exception>
    public static KubernetesClientConfiguration Read(string path, string? context)
    {
        if (!File.Exists(path)) throw new ClusterUnavailableException($"There is no kubeconfig file {path}.");
        var file = KubernetesClientConfiguration.LoadKubeConfig(new FileInfo(path));
        var user = User(file, context ?? file.CurrentContext);
        var tokenFile = user?.UserCredentials is { Token: null or "" } ? TokenFileOf(path, user.Name) : null;
        if (tokenFile is null) return KubernetesClientConfiguration.BuildConfigFromConfigObject(file, context);

        // The library refuses a user without credentials: it gets some, and then the ones that count.
        user!.UserCredentials.Token = "read from a file";
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigObject(file, context);
        configuration.AccessToken = null;
        configuration.TokenProvider = new TokenFile(tokenFile);
        return configuration;
    }

    private static User? User(K8SConfiguration file, string? context)
    {
        var name = file.Contexts?.FirstOrDefault(entry => entry.Name == context)?.ContextDetails?.User;
        return file.Users?.FirstOrDefault(entry => entry.Name == name);
    }

    /// <summary>The absolute path, or null; what is relative is so to the kubeconfig.</summary>
    private static string? TokenFileOf(string path, string userName)
    {
        using var text = new StreamReader(path);
        var yaml = new YamlStream();
        yaml.Load(text);
        var users = yaml.Documents[0].RootNode["users"] as YamlSequenceNode;
        var user = users?.Children.OfType<YamlMappingNode>().FirstOrDefault(entry => Text(entry, "name") == userName);
        var credentials = user is not null && user.Children.TryGetValue("user", out var node) ? node as YamlMappingNode : null;
        return credentials is not null && Text(credentials, "tokenFile") is { Length: > 0 } file
            ? Path.GetFullPath(file, Path.GetDirectoryName(Path.GetFullPath(path))!) : null;
    }

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;
}
