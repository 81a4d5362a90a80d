using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Peers;

/// <summary>Asks the kernel who is at the other end of a connection. Thread-safe.</summary>
internal sealed class PeerInspector
{
    private const int InitProcess = 1;

    private static readonly ContainerLocation _outside = new(null, "");

    private readonly uint _ownUid = Libc.geteuid();
    private readonly string? _userNamespace = ProcessTable.Namespace(Libc.getpid(), "user");
    private readonly string? _ownMounts = ProcessTable.Namespace(Libc.getpid(), "mnt");
    private readonly string? _hostMounts = ProcessTable.Namespace(InitProcess, "mnt");

    /// <summary>The peer of a connection; null when it is gone already or cannot be seen from here.</summary>
    public Peer? Inspect(Descriptor connection)
    {
        var credentials = UnixSocket.Peer(connection);
        if (credentials.Pid <= 0) return null;

        // Held while its files are read: were the number given to another process meanwhile, the hold would say so.
        // Only a kernel that cannot hold the peer itself (before 6.5) is asked for whoever has its number now.
        using var hold = UnixSocket.TryPeerPidFd(connection, out var error)
            ?? (error == Errno.ENOPROTOOPT ? PidFd.TryOpen(credentials.Pid, out _) : null);
        if (hold is null || ProcessTable.Status(credentials.Pid) is not { } status) return null;

        // An agent that somebody runs as an ordinary user, to try it, is theirs.
        var isHostRoot = (credentials.Uid == 0 || credentials.Uid == _ownUid) && IsOnHost(credentials.Pid);

        // Root of the host is in no pod: the hook runs in the cgroup of the container that is restored.
        var location = isHostRoot ? null : CgroupPath.Parse(ProcessTable.Cgroups(credentials.Pid));
        return PidFd.HasExited(hold) ? null : new Peer(credentials.Pid, credentials.Uid, isHostRoot, status.Parent, location ?? _outside);
    }

    private bool IsOnHost(int pid)
    {
        if (ProcessTable.Namespace(pid, "user") is not { } user || user != _userNamespace) return false;
        return ProcessTable.Namespace(pid, "mnt") is { } mounts && (mounts == _ownMounts || mounts == _hostMounts);
    }
}
