namespace SysGenId.Operator.Node.Peers;

/// <summary>Which container, and which pod if any, a process is in, as its cgroup says.</summary>
/// <param name="PodUid">The pod's UID with dashes (a static pod's is a hash); null outside pods.</param>
/// <param name="ContainerId">The runtime's name of the container; the last part of the path where no runtime is recognised.</param>
internal sealed record ContainerLocation(string? PodUid, string ContainerId);
