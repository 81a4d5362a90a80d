using SysGenId.Core;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>What install-hook is told.</summary>
internal sealed record InstallHookOptions
{
    /// <summary>The CRIU configuration that gets the line. Default: the one every caller of CRIU honours.</summary>
    public string CriuConfiguration { get; init; } = SystemPaths.CriuConfiguration;

    /// <summary>The agent's socket. Another than the default needs a wrapper script, as CRIU gives the hook no arguments.</summary>
    public string Agent { get; init; } = SystemPaths.AgentSocket;

    /// <summary>Where the hook is put. Owned by root and writable by nobody else: CRIU runs what is in it as root.</summary>
    public string HookDirectory { get; init; } = SystemPaths.HookDirectory;

    /// <summary>The program to install. Default: beside this program.</summary>
    public string HookBinary { get; init; } = Path.Join(AppContext.BaseDirectory, SystemPaths.HookName);

    /// <summary>The criu program; null looks on PATH and where system administrators' programs are.</summary>
    public string? Criu { get; init; }

    /// <summary>Whose files CRIU sees.</summary>
    public CriuNamespace Place { get; init; } = CriuNamespace.Own;
}
