namespace SysGenId.Operator.Node.Reporting;

/// <summary>A status of this node's object that its agent did not write.</summary>
/// <param name="Version">The version of the object: the same report is seen more than once.</param>
/// <param name="Generation">The number it shows.</param>
/// <param name="Id">The name of that generation, as it stands there.</param>
internal sealed record ForeignReport(ulong Version, uint Generation, string Id);
