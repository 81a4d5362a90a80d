using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>What an object asks of its node.</summary>
/// <param name="Spec">What can be done: for what cannot, as before.</param>
/// <param name="Faults">A sentence for each field that asks for something that there is not.</param>
internal sealed record SpecReading(NodeSpec Spec, IReadOnlyList<string> Faults);
