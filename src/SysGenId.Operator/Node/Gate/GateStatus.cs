namespace SysGenId.Operator.Node.Gate;

/// <summary>Whether this node's gate is proven (S27), and why it is or not.</summary>
/// <param name="Reason">The stable code.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record GateStatus(GateReason Reason, string Message)
{
    /// <summary>Whether a process of our own went through CRIU and the hook was there.</summary>
    public bool IsProven => Reason == GateReason.Proven;
}
