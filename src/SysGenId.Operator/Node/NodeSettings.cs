using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node;

/// <summary>What an administrator may change while the agent runs. Loop thread only.</summary>
internal sealed class NodeSettings(NodeOptions options)
{
    /// <summary>Who sees the generation of a container restore (S26).</summary>
    public RestoreScope RestoreScope { get; private set; } = options.RestoreScope;

    /// <summary>What a restore comes to that could not be published (S25).</summary>
    public RestoreFailurePolicy RestoreFailurePolicy { get; private set; } = options.RestoreFailurePolicy;

    /// <summary>How long a checkpoint or restore is held at most.</summary>
    public TimeSpan PublishTimeout { get; private set; } = options.PublishTimeout;

    /// <summary>What the hook has to know of them while the agent is away.</summary>
    public NodePolicy Policy => new(RestoreFailurePolicy, PublishTimeout);

    /// <summary>Takes over what is asked; what is left out is as the agent was started. Whether anything changed.</summary>
    public bool Apply(NodeSpec spec)
    {
        var before = (RestoreScope, RestoreFailurePolicy, PublishTimeout);
        RestoreScope = spec.RestoreScope ?? options.RestoreScope;
        RestoreFailurePolicy = spec.RestoreFailurePolicy ?? options.RestoreFailurePolicy;
        PublishTimeout = spec.PublishTimeout ?? options.PublishTimeout;
        return before != (RestoreScope, RestoreFailurePolicy, PublishTimeout);
    }
}
