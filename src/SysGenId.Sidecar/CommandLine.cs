using System.Globalization;
using System.Text;
using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar;

/// <summary>The arguments, read by hand: a parser library would be larger than the rest of the program.</summary>
internal sealed class CommandLine
{
    public const string Help = """
        Usage: sysgenid-sidecar --dir DIR --agent PATH [options]

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

        """;

    private static readonly string[] _names = ["--dir", "--agent", "--max-watchers", "--return-grace", "--log-level"];

    private readonly Dictionary<string, string> _values = [];
    private readonly List<string> _faults = [];

    private CommandLine(string[] arguments)
    {
        for (var index = 0; index < arguments.Length; index++) Take(arguments, ref index);
    }

    /// <summary>The options, or null and all that is wrong in one message.</summary>
    public static SidecarOptions? TryParse(string[] arguments, out string faults)
    {
        var line = new CommandLine(arguments);
        var options = line.Options();
        faults = string.Join("; ", line._faults);
        return faults.Length == 0 ? options : null;
    }

    private void Take(string[] arguments, ref int index)
    {
        var argument = arguments[index];
        var separator = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=') : -1;
        var name = separator < 0 ? argument : argument[..separator];
        if (Array.IndexOf(_names, name) < 0) _faults.Add($"'{name}' is not an option");
        else if (separator < 0 && index + 1 == arguments.Length) _faults.Add($"{name} needs a value");
        else if (!_values.TryAdd(name, separator < 0 ? arguments[++index] : argument[(separator + 1)..])) _faults.Add($"{name} is given twice");
    }

    private SidecarOptions Options()
    {
        // The longer of the two socket names decides how long the directory's path may be.
        var directory = Path("--dir", SystemPaths.ControlSocketName.Length + 1);
        var agent = Path("--agent", 0);
        var watchers = Number("--max-watchers", SidecarOptions.LeastMaximumWatchers, SidecarOptions.MostMaximumWatchers);
        var grace = Number("--return-grace", 1, SidecarOptions.MostReturnGraceSeconds);
        var options = new SidecarOptions { Directory = directory, AgentSocket = agent, LogLevel = Level() };
        if (watchers is { } maximum) options = options with { MaximumWatchers = maximum };
        if (grace is { } seconds) options = options with { ReturnGrace = TimeSpan.FromSeconds(seconds) };
        return options;
    }

    private string Path(string name, int longestSuffix)
    {
        if (!_values.TryGetValue(name, out var value) || value.Length == 0)
        {
            if (!_faults.Contains($"{name} needs a value")) _faults.Add($"{name} must be given");
            return "";
        }

        var path = System.IO.Path.GetFullPath(value);
        var limit = UnixSocket.MaximumPathLength - longestSuffix;
        if (Encoding.UTF8.GetByteCount(path) > limit) _faults.Add($"{name} must be at most {limit} bytes long, as the kernel limits paths of sockets");
        return path;
    }

    private int? Number(string name, int least, int most)
    {
        if (!_values.TryGetValue(name, out var value)) return null;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _faults.Add($"{name} must be a whole number from {least} to {most}, not '{value}'");
        return null;
    }

    private LogLevel Level()
    {
        if (!_values.TryGetValue("--log-level", out var value)) return LogLevel.Info;
        if (!Log.TryParse(value, out var level)) _faults.Add($"--log-level must be error, warning, info or debug, not '{value}'");
        return level;
    }
}
