using SysGenId.Core.Watchers;

namespace SysGenId.Conformance.Tests.Nodes;

/// <summary>What was seen of one restore.</summary>
/// <param name="PodBefore">The generation of the pod before it.</param>
/// <param name="Pod">The generation of the pod when the restore had returned.</param>
/// <param name="Node">That of the node.</param>
/// <param name="Id">The generation's name.</param>
/// <param name="FirstSeen">The first value that each program in the container saw.</param>
/// <param name="Counts">The pod's counts, before anybody acknowledged.</param>
/// <param name="EarlyWait">How a short wait for the watchers ended before anybody acknowledged.</param>
/// <param name="LateWait">How one without a limit ended when all were let.</param>
internal sealed record Arrival(
    uint PodBefore,
    uint Pod,
    uint Node,
    Guid Id,
    IReadOnlyDictionary<string, uint> FirstSeen,
    WatcherCounts Counts,
    string EarlyWait,
    string LateWait);
