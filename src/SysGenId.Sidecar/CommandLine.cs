using SysGenId.Core;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar;

/// <summary>The command line of the sidecar itself.</summary>
internal static class CommandLine
{
    public const string Help = """
        Usage: sysgenid-sidecar --dir DIR --agent PATH [options]
               sysgenid-sidecar ready --dir DIR [--require-gate] [--wait SECONDS]

        Serves the system generation to one pod: counter page, watch socket and control socket in DIR.

          --dir DIR               where page and sockets are; made when it is not there
          --agent PATH            the node agent's socket
          --max-watchers N        watch connections at one time, 1 to 65536 (default 1024)
          --return-grace SECONDS  how long watchers expected back after a restore count
                                  as outdated, 1 to 86400 (default 30)
          --log-level LEVEL       error, warning, info or debug (default info)
          --help                  prints this
          --version               prints the version

        Exit codes: 0 ended by SIGTERM or SIGINT, 1 cannot serve DIR, 2 wrong arguments.

        'ready' tells whether the sidecar that serves DIR is ready for its pod, for use as a startup probe:

          --require-gate          also the node's CRIU gate must be proven, as /dev/sysgenid asks for
          --wait SECONDS          how long to wait for it, 0 to 60 (default 0)

        Exit codes of 'ready': 0 it is, 1 it is not and the output says why, 2 wrong arguments.

        """;

    private static readonly string[] _names = ["--dir", "--agent", "--max-watchers", "--return-grace", "--log-level"];

    /// <summary>The options, or null and all that is wrong in one message.</summary>
    public static SidecarOptions? TryParse(ReadOnlySpan<string> arguments, out string faults)
    {
        var line = new Arguments(arguments, _names, []);
        var options = Options(line);
        faults = line.Faults;
        return faults.Length == 0 ? options : null;
    }

    private static SidecarOptions Options(Arguments line)
    {
        // The longer of the two socket names decides how long the directory's path may be.
        var directory = line.Path("--dir", SystemPaths.ControlSocketName.Length + 1);
        var agent = line.Path("--agent", 0);
        var watchers = line.Number("--max-watchers", SidecarOptions.LeastMaximumWatchers, SidecarOptions.MostMaximumWatchers);
        var grace = line.Number("--return-grace", 1, SidecarOptions.MostReturnGraceSeconds);
        var options = new SidecarOptions { Directory = directory, AgentSocket = agent, LogLevel = Level(line) };
        if (watchers is { } maximum) options = options with { MaximumWatchers = maximum };
        if (grace is { } seconds) options = options with { ReturnGrace = TimeSpan.FromSeconds(seconds) };
        return options;
    }

    private static LogLevel Level(Arguments line)
    {
        if (line.Find("--log-level") is not { } value) return LogLevel.Info;
        if (!Log.TryParse(value, out var level)) line.AddFault($"--log-level must be error, warning, info or debug, not '{value}'");
        return level;
    }
}
