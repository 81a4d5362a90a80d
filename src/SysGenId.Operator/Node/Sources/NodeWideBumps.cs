using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Sources;

/// <summary>The one way that every change for the whole node takes, whoever asks for it. Loop thread only.</summary>
internal sealed class NodeWideBumps(GenerationPublisher publisher, SidecarDirectory sidecars)
{
    /// <summary>Bumps, however far ahead, and tells every sidecar.</summary>
    /// <param name="draft">Cause, name, minimum.</param>
    /// <param name="failure">What to answer when nothing moved.</param>
    public GenerationChange? TryBump(GenerationChange draft, out Message? failure) =>
        publisher.TryForce(draft, out failure, change => sidecars.DeliverToAll(change, [], null));
}
