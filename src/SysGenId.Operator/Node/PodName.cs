namespace SysGenId.Operator.Node;

/// <summary>How the API server calls a pod.</summary>
internal sealed record PodName(string Namespace, string Name)
{
    /// <summary><c>namespace/name</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
