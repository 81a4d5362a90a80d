namespace SysGenId.Core.Linux;

/// <summary>What the kernel says of the process at the other end of a unix socket, as of its connect.</summary>
/// <param name="Pid">In this process's pid namespace; 0 when it cannot be seen from here.</param>
/// <param name="Uid">In this process's user namespace.</param>
/// <param name="Gid">In this process's user namespace.</param>
internal readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid);
