using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Sources.KernelLog;

namespace SysGenId.Operator.Node;

/// <summary>What an agent has to do with besides its node. All of it may be missing.</summary>
internal sealed record NodeSurroundings
{
    /// <summary>An agent on a plain host.</summary>
    public static NodeSurroundings Standalone => new();

    /// <summary>Through which other threads look at the agent and tell it what is asked.</summary>
    public NodePort Port { get; init; } = new();

    public INodeMetrics Metrics { get; init; } = SilentNodeMetrics.Instance;

    public IPodNames PodNames { get; init; } = UnknownPodNames.Instance;

    /// <summary>
    /// Asked when nothing on the node says how far its generation had come: the highest number known elsewhere, null when
    /// none is. Called before the agent serves; takes a few seconds at most.
    /// </summary>
    public Func<uint?> KnownElsewhere { get; init; } = () => null;

    /// <summary>Whether somebody will say whether the hook is wanted: until then none is installed that was not there.</summary>
    public bool HasCluster { get; init; }

    /// <summary>The log of a kernel at a path.</summary>
    public Func<string, IKernelLog> KernelLog { get; init; } = path => new KernelLogDevice(path);
}
