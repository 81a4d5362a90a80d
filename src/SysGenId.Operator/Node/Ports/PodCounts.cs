namespace SysGenId.Operator.Node.Ports;

/// <summary>What one sidecar counts.</summary>
/// <param name="PodUid">Its pod; null outside pods.</param>
/// <param name="Name">For people: the pod's UID, or the directory of the page.</param>
/// <param name="Watchers">Open watchers.</param>
/// <param name="Outdated">Those that have not acknowledged the pod's current generation.</param>
internal sealed record PodCounts(string? PodUid, string Name, int Watchers, int Outdated);
