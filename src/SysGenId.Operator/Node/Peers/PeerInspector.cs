using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Peers;

/// <summary>Asks the kernel who is at the other end of a connection. Thread-safe.</summary>
internal sealed class PeerInspector
{
    private const int InitProcess = 1;

    private static readonly ContainerLocation _outside = new(null, "");

    private readonly uint _ownUid = Libc.geteuid();
    private readonly ulong? _userNamespace = ProcessTable.NamespaceNumber(Libc.getpid(), NamespaceKind.Users);
    private readonly ulong? _ownMounts = ProcessTable.NamespaceNumber(Libc.getpid(), NamespaceKind.Mounts);
    private readonly ulong? _hostMounts = ProcessTable.NamespaceNumber(InitProcess, NamespaceKind.Mounts);

    /// <summary>The peer of a connection; null when it is gone already or cannot be seen from here.</summary>
    public Peer? Inspect(Descriptor connection)
    {
        var credentials = UnixSocket.Peer(connection);
        if (credentials.Pid <= 0) return null;

        // Held while it is asked for: were its number given to another process meanwhile, the hold would say so. Only a
        // kernel that cannot hold the peer itself (before 6.5) is asked for whoever has its number now.
        using var hold = UnixSocket.TryPeerPidFd(connection, out var error)
            ?? (error == Errno.ENOPROTOOPT ? PidFd.TryOpen(credentials.Pid, out _) : null);
        if (hold is null) return null;

        // An agent that somebody runs as an ordinary user, to try it, is theirs.
        var isHostRoot = (credentials.Uid == 0 || credentials.Uid == _ownUid) && IsOnHost(hold, credentials.Pid);

        // Root of the host is in no pod: the hook runs in the cgroup of the container that is restored.
        var location = isHostRoot ? null : CgroupPath.Parse(ProcessTable.Cgroups(credentials.Pid));

        // Last: only of a process that has not ended is all this its own.
        return PidFd.Parent(hold, credentials.Pid) is { } parent ? new Peer(credentials.Pid, credentials.Uid, isHostRoot, parent, location ?? _outside) : null;
    }

    private bool IsOnHost(Descriptor process, int pid)
    {
        if (PidFd.Namespace(process, pid, NamespaceKind.Users) is not { } user || user != _userNamespace) return false;
        return PidFd.Namespace(process, pid, NamespaceKind.Mounts) is { } mounts && (mounts == _ownMounts || mounts == _hostMounts);
    }
}
