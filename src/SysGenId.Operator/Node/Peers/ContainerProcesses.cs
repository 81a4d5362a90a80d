using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Peers;

/// <summary>Which processes are in a container: those of its first process's mount namespace, and those of its cgroup.</summary>
internal sealed class ContainerProcesses(int initPid, ContainerLocation container)
{
    private readonly ulong? _mounts = ProcessTable.NamespaceNumber(initPid, NamespaceKind.Mounts);

    /// <summary>
    /// Whether a process is in another container for certain. False as well of one that has ended, and of a descriptor of
    /// something else than a process.
    /// </summary>
    public bool IsElsewhere(Descriptor process)
    {
        if (_mounts is null || PidFd.ProcessId(process) is not { } pid) return false;
        if (PidFd.Namespace(process, pid, NamespaceKind.Mounts) is not { } mounts || mounts == _mounts) return false;
        if (CgroupPath.Parse(ProcessTable.Cgroups(pid)) is not { } location || location == container) return false;

        // What was read is this process's only if it is still there.
        return !PidFd.HasExited(process);
    }
}
