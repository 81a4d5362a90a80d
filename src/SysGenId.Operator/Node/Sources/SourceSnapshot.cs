namespace SysGenId.Operator.Node.Sources;

/// <summary>One source at one instant.</summary>
/// <param name="Name">One of <see cref="SourceNames"/>.</param>
/// <param name="State">How it was.</param>
internal sealed record SourceSnapshot(string Name, SourceState State);
