namespace SysGenId.TestSupport.Containers;

/// <summary>What a test container is made of. All have busybox as /bin/sh.</summary>
internal sealed record ContainerOptions
{
    /// <summary>The pod it belongs to; without one it is a pod of its own.</summary>
    public PodUnderTest? Pod { get; init; }

    /// <summary>The first process with its arguments, found on /bin.</summary>
    public IReadOnlyList<string> Command { get; init; } = ["sleep", "infinity"];

    /// <summary>Static programs of the host that the container has in /bin.</summary>
    public IReadOnlyList<string> Programs { get; init; } = [];

    public IReadOnlyList<BindMount> Mounts { get; init; } = [];

    /// <summary>
    /// User and group of the first process. CRIU dumps another user's processes only where it has CAP_SYS_RESOURCE,
    /// so programs that are to be dumped everywhere run as 0 and take another fsuid for what they open.
    /// </summary>
    public int User { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// A network namespace of its own, which makes CRIU lock its network. By default it shares the host's, as
    /// containers of one pod share one with their sidecar.
    /// </summary>
    public bool HasPrivateNetwork { get; init; }
}
