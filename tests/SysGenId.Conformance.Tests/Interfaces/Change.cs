namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>What became of a bump.</summary>
/// <param name="Outcome">Whether there was one.</param>
/// <param name="Generation">The generation after it, or the one that stayed.</param>
internal readonly record struct Change(Outcome Outcome, uint Generation);
