using System.Diagnostics.CodeAnalysis;
using SysGenId.Core;

namespace SysGenId.CriuHook;

/// <summary>The arguments. CRIU gives none; the wrapper script of install-hook gives <c>--agent</c>.</summary>
internal static class CommandLine
{
    private const string Help = $"""
        sysgenid-criu-hook: tells the SysGenId node agent of checkpoints and restores

        CRIU runs it as an action script; `sysgenid-operator node install-hook` puts it into CRIU's configuration.

          --agent PATH     the agent's socket (default {SystemPaths.AgentSocket})
          --probe-child    detach and wait to be checkpointed: what the agent restores to prove the gate
          --version        print the version
          --help           print this

        Environment, set by CRIU: CRTOOLS_SCRIPT_ACTION, CRTOOLS_IMAGE_DIR, CRTOOLS_INIT_PID.
        Exit code: 0 go on; 1 the dump or restore is refused; 2 wrong arguments.

        """;

    /// <summary>True when the arguments leave something to do: then for which agent. False: the exit code.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out string? agent, out int exitCode)
    {
        (agent, exitCode) = (SystemPaths.AgentSocket, ExitCode.Success);
        switch (arguments)
        {
            case []:
                return true;
            case ["--agent", { Length: > 0 } path]:
                agent = path;
                return true;
            case ["--help"]:
                CriuLog.Print(Help);
                return false;
            case ["--version"]:
                CriuLog.Print($"sysgenid-criu-hook {Version}\n");
                return false;
            case ["--probe-child"]:
                ProbeChild.Run();
                return false;
            default:
                CriuLog.Write($"unknown arguments '{string.Join(' ', arguments)}'; see --help");
                exitCode = ExitCode.Usage;
                return false;
        }
    }

    /// <summary>Somebody runs it by hand.</summary>
    public static int MissingStage()
    {
        CriuLog.Write("CRTOOLS_SCRIPT_ACTION is not set; CRIU runs this program, see --help");
        return ExitCode.Usage;
    }

    private static string Version => typeof(CommandLine).Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
