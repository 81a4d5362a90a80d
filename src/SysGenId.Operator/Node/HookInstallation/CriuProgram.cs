using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>The machine's criu, and whether it is one we work with.</summary>
internal sealed partial class CriuProgram
{
    /// <summary>Earlier ones cannot start on recent kernels.</summary>
    public static readonly Version OldestVersion = new(4, 0);

    private const string Name = "criu";
    private const int TextFileBusy = 26;
    private const int MostAttempts = 20;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private static readonly string[] _usualDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

    private readonly CriuNamespace _place;

    private CriuProgram(string path, Version version, CriuNamespace place) => (Path, Version, _place) = (path, version, place);

    public string Path { get; }

    public Version Version { get; }

    /// <summary>Looks for a criu that is new enough.</summary>
    /// <param name="program">A path, a name to look for on PATH, or null for <c>criu</c>.</param>
    /// <param name="place">Where it is looked for, and run.</param>
    public static CriuSearch Find(string? program, CriuNamespace place)
    {
        string? path;
        try
        {
            path = place.Run(() => Candidates(program).FirstOrDefault(File.Exists));
        }
        catch (LinuxException mistake)
        {
            return new CriuSearch(null, $"The host's files cannot be entered ({mistake.Message}): the agent's pod needs hostPID and to be privileged.", IsMissing: false);
        }

        if (path is null)
        {
            return new CriuSearch(null, $"{program ?? Name} is not installed (not on PATH). Install CRIU {OldestVersion} or newer.", IsMissing: true);
        }

        var (exitCode, output) = Run(path, ["--version"], place);
        if (exitCode != 0 || !System.Version.TryParse(VersionLine().Match(output).Groups[1].Value, out var version))
        {
            return new CriuSearch(null, $"`{path} --version` does not tell a version: {LastLine(output)}", IsMissing: false);
        }

        return version >= OldestVersion
            ? new CriuSearch(new CriuProgram(path, version, place), "", IsMissing: false)
            : new CriuSearch(null, $"{path} is CRIU {version}; {OldestVersion} or newer is needed.", IsMissing: false);
    }

    /// <summary>Where it would be, in the order of looking: a change of one of these files is a reason to look again.</summary>
    public static IEnumerable<string> Candidates(string? program)
    {
        program ??= Name;
        if (program.Contains('/')) return [System.IO.Path.GetFullPath(program)];
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return directories.Concat(_usualDirectories).Distinct().Select(directory => System.IO.Path.Join(directory, program));
    }

    /// <summary>Whether CRIU says that it works on this kernel and with this configuration: null, or what it says.</summary>
    /// <param name="configuration">The configuration file; it need not be there.</param>
    public string? Check(string configuration)
    {
        var (exitCode, output) = Run(Path, ["check", .. ConfigurationArguments(configuration)], _place);
        return exitCode == 0 ? null : $"`criu check` says: {LastLine(output)}";
    }

    /// <summary>CRIU reads its default configuration by itself; naming another turns the default off.</summary>
    public static string[] ConfigurationArguments(string configuration) =>
        configuration == SystemPaths.CriuConfiguration || !File.Exists(configuration) ? [] : ["--config", configuration];

    /// <summary>Runs a program to its end: its exit code and all it printed; -1 when it cannot be started or does not end.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="place">Where it is run.</param>
    /// <param name="stage">As if CRIU had started it at that stage; null: not so.</param>
    public static (int ExitCode, string Output) Run(string program, string[] arguments, CriuNamespace place, string? stage = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CRTOOLS_SCRIPT_ACTION"] = stage;
        try
        {
            using var process = place.Run(() => Start(start));
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(_patience))
            {
                process.Kill(entireProcessTree: true);
                return (-1, $"it did not end within {_patience.TotalSeconds} s");
            }

            return (process.ExitCode, output.Result + errors.Result);
        }
        catch (Exception mistake) when (mistake is Win32Exception or LinuxException)
        {
            return (-1, mistake.Message);
        }
    }

    public static string LastLine(string output) => output.Split('\n').LastOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "nothing";

    // A program just written is busy for as long as a process forked meanwhile has not yet become another program.
    private static Process Start(ProcessStartInfo start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception mistake) when (mistake.NativeErrorCode == TextFileBusy && attempt < MostAttempts)
            {
                Readiness.Pause(_pause);
            }
        }
    }

    [GeneratedRegex(@"^Version:\s*(\d+\.\d+(\.\d+)?)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
