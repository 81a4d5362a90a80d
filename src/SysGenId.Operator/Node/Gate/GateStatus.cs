namespace SysGenId.Operator.Node.Gate;

/// <summary>Whether this node's gate is proven (S27), and why it is or not.</summary>
/// <param name="IsProven">A process of our own went through CRIU and the hook was there.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record GateStatus(bool IsProven, string Message);
