using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Node.Sidecars;

/// <summary>A change on its way to a pod, with the least generation that pod must reach by it (S21, S28).</summary>
internal sealed record Delivery(GenerationChange Change, uint? Minimum)
{
    /// <summary>The line that carries it.</summary>
    public byte[] ToLine(bool isGateProven) => MessageWriter.ToLine(new Message
    {
        Op = Operation.Generation,
        Generation = Change.Generation,
        Minimum = Minimum,
        Id = Change.Id,
        Cause = Change.Cause,
        TimeNs = Change.TimeNs,
        GateProven = isGateProven,
    });
}
