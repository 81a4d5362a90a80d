namespace SysGenId.Operator.Node.Ports;

/// <summary>What a reporter takes away.</summary>
/// <param name="Node">How the node is now.</param>
/// <param name="Occurrences">What happened since the last report was taken, oldest first.</param>
internal sealed record NodeReport(NodeSnapshot Node, IReadOnlyList<Occurrence> Occurrences);
