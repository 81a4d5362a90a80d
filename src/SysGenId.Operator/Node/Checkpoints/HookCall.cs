using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.Peers;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>One request of the CRIU hook, whose caller and CRIU are known from the kernel. Loop thread only.</summary>
/// <param name="Criu">The CRIU that runs the hook.</param>
/// <param name="InitPid">The container's first process.</param>
/// <param name="Request">What the hook said.</param>
/// <param name="Reply">Answers it; after the hook has gone this does nothing.</param>
internal sealed record HookCall(CriuProcess Criu, int InitPid, Message Request, Action<Message> Reply)
{
    private ContainerLocation? _container;

    /// <summary>Where the first process is: asked of the kernel when it is first wanted, as a restore may be told of before.</summary>
    public ContainerLocation Container => _container ??= CgroupPath.Parse(ProcessTable.Cgroups(InitPid)) ?? new ContainerLocation(null, "");

    /// <summary>
    /// Names this run of the container to its sidecar, by its first process: a container may be restored under its old name,
    /// and is then in the old cgroup first and in its own later.
    /// </summary>
    public string Instance => $"init-{InitPid}";
}
