namespace SysGenId.Operator.Node.Peers;

/// <summary>A connected process as the kernel describes it. Nothing here was said by the process itself.</summary>
/// <param name="Pid">In the agent's pid namespace.</param>
/// <param name="Uid">In the agent's user namespace.</param>
/// <param name="IsHostRoot">Uid 0 (or the agent's own uid) in the agent's user namespace, and in the mount namespace of the agent or of the host.</param>
/// <param name="Parent">Its parent's pid.</param>
/// <param name="Location">Its container and pod.</param>
internal sealed record Peer(int Pid, uint Uid, bool IsHostRoot, int Parent, ContainerLocation Location);
