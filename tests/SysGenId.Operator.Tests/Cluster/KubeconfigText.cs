namespace SysGenId.Operator.Tests.Cluster;

/// <summary>Kubeconfig files as people have them.</summary>
internal static class KubeconfigText
{
    /// <param name="server">The API server's address.</param>
    /// <param name="credential">One line of a user.</param>
    public static string Of(string server, string credential) => $"""
        apiVersion: v1
        kind: Config
        current-context: here
        contexts:
        - name: here
          context:
            cluster: one
            user: somebody
            namespace: shop
        clusters:
        - name: one
          cluster:
            server: {server}
        users:
        - name: somebody
          user:
            {credential}
        """;
}
