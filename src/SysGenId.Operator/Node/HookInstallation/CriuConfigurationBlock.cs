namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>What stands between our markers in a CRIU configuration.</summary>
/// <param name="Hook">The program CRIU is told to run; null when somebody took the line out.</param>
/// <param name="Traces">What the installation made besides.</param>
internal sealed record CriuConfigurationBlock(string? Hook, InstallationTraces Traces);
