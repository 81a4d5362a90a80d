namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>What came of looking for CRIU.</summary>
/// <param name="Program">The one that can be used; null when there is none.</param>
/// <param name="Fault">A sentence when there is none.</param>
/// <param name="IsMissing">Whether there is none at all, and not only one that cannot be used.</param>
internal sealed record CriuSearch(CriuProgram? Program, string Fault, bool IsMissing);
