using SysGenId.Core.Linux;

namespace SysGenId.Sidecar.Control;

/// <summary>Who may force a generation (S13): as the kernel describes the peer, whatever it says of itself.</summary>
internal static class ForcePermission
{
    private const int MapLimit = 64 * 1024;
    private const string Gone = "the peer's process is gone";

    /// <summary>Null when the peer may, otherwise a sentence that says why not.</summary>
    public static string? Refusal(Descriptor connection)
    {
        var peer = UnixSocket.Peer(connection);
        if (peer.Pid <= 0) return "the peer's process cannot be seen from here: share the process namespace of the pod";
        using var process = UnixSocket.TryPeerPidFd(connection, out var error);
        if (process is null && error != Errno.ENOPROTOOPT) return Gone;
        var capabilities = ProcessTable.Capabilities(peer.Pid);
        var user = ProcessTable.EffectiveUser(peer.Pid);
        var isSameUserNamespace = SharesUserNamespace(peer.Pid);

        // Only now: what was read is the peer's if the peer is still there, and of whoever got its number if not.
        if (capabilities is null || (process is not null && PidFd.HasExited(process))) return Gone;

        // Who asks and then executes a set-user-id program is not what that program is.
        if (user != peer.Uid) return "the peer's process is another user's than when it connected";
        if ((capabilities & (ProcessTable.CheckpointRestore | ProcessTable.SystemAdministration)) == 0)
        {
            return "it needs CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN";
        }

        return isSameUserNamespace ? null : "the capability counts in this user namespace only";
    }

    // Anybody can be almighty in a user namespace made for the purpose. Its maps differ from ours; unlike the names of
    // the namespaces they can be read of every process.
    private static bool SharesUserNamespace(int pid) =>
        Map("self", "uid_map") is { } users && users.AsSpan().SequenceEqual(Map($"{pid}", "uid_map")) &&
        Map("self", "gid_map") is { } groups && groups.AsSpan().SequenceEqual(Map($"{pid}", "gid_map"));

    private static byte[]? Map(string process, string name) => Files.TryReadAll($"/proc/{process}/{name}", MapLimit, out _);
}
