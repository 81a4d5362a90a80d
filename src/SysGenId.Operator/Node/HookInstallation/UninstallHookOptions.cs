using SysGenId.Core;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>What uninstall-hook is told.</summary>
internal sealed record UninstallHookOptions
{
    /// <summary>The CRIU configuration that has the line.</summary>
    public string CriuConfiguration { get; init; } = SystemPaths.CriuConfiguration;

    /// <summary>Where the hook is, when no line says it: after an installation that did not come to its end.</summary>
    public string HookDirectory { get; init; } = SystemPaths.HookDirectory;
}
