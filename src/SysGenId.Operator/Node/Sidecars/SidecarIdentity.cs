using SysGenId.Operator.Node.Peers;

namespace SysGenId.Operator.Node.Sidecars;

/// <summary>Whom a sidecar serves: the pod its cgroup names, or, outside pods, the page it owns. Never what it says.</summary>
/// <param name="Key">Equal for the same pod or page.</param>
/// <param name="Name">For people.</param>
/// <param name="PodUid">The pod; null outside pods.</param>
/// <param name="Page">The page it owns; null when it shows none.</param>
internal sealed record SidecarIdentity(string Key, string Name, string? PodUid, PageIdentity? Page)
{
    /// <summary>Who a peer that registers is; null when it may not.</summary>
    public static SidecarIdentity? Of(Peer peer, string? directory)
    {
        var page = directory is null ? null : PageIdentity.Find(peer.Pid, peer.Uid, directory);
        if (peer.Location.PodUid is { } pod) return new SidecarIdentity(PodKey(pod), pod, pod, page);
        if (page is null || !(peer.Uid == 0 || peer.IsHostRoot)) return null;
        return new SidecarIdentity($"page:{page.Device.Major}:{page.Device.Minor}:{page.Inode}", directory!, null, page);
    }

    /// <summary>The key of a pod's sidecar.</summary>
    public static string PodKey(string podUid) => $"pod:{podUid}";

    /// <summary>
    /// Whether it serves a container at this place with these mounts. The mounts decide: on cgroup v2 a restored process
    /// is still in the cgroup it was checkpointed in when the gate is asked, perhaps another pod's.
    /// </summary>
    public bool Serves(Func<ContainerLocation> container, ContainerMounts mounts) =>
        Page is not null ? mounts.Have(Page) : PodUid == container().PodUid;
}
