using SysGenId.Core;

namespace SysGenId.Cli.Diagnosis;

/// <summary>Is there a CRIU that works?</summary>
internal sealed class CriuChecks(Machine machine, string configuration)
{
    // Users other than root often have no sbin directory on their PATH.
    private static readonly string[] _programs = ["criu", "/usr/local/sbin/criu", "/usr/sbin/criu"];

    private const string Advice =
        "Install CRIU 4.0 or newer (Debian 13: `apt install criu`); without it no container can be checkpointed or restored.";

    // Debian 12's 3.17 cannot start on recent kernels; this is the oldest that was tried.
    private static readonly Version _oldest = new(4, 0);

    public IEnumerable<Check> All()
    {
        var (program, run) = _programs.Select(program => (program, machine.Run(program, ["--version"]))).FirstOrDefault(found => found.Item2 is not null);
        var version = Version(run);
        yield return version;
        if (version.Verdict != Verdict.Fail) yield return Works(program);
    }

    private static Check Version(ProgramRun? run)
    {
        if (run is null) return Check.Fail("criu", "not found on PATH", Advice);
        const string label = "Version:";
        var line = run.Output.Split('\n').FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal));
        var text = line?[label.Length..].Trim();
        var numbers = new string([.. (text ?? "").TakeWhile(character => char.IsAsciiDigit(character) || character == '.')]).Trim('.');
        if (run.ExitCode != 0 || !global::System.Version.TryParse(numbers, out var version))
        {
            return Check.Fail("criu", $"`criu --version` does not tell its version: {LastLine(run)}", Advice);
        }

        return version >= _oldest ? Check.Ok("criu", text!) : Check.Fail("criu", $"{text} is too old", Advice);
    }

    private Check Works(string program)
    {
        if (!machine.IsRoot) return Check.Warn("criu-check", "not run: needs root", "Run `sudo sysgenid doctor`.");

        // Naming a configuration turns the default one off, which CRIU reads by itself.
        string[] arguments = configuration == SystemPaths.CriuConfiguration ? ["check"] : ["check", "--config", configuration];
        var run = machine.Run(program, arguments);
        return run is { ExitCode: 0 }
            ? Check.Ok("criu-check", "`criu check` is content with this kernel")
            : Check.Fail("criu-check", $"`criu check` fails: {(run is null ? "cannot be started" : LastLine(run))}", "Run `criu check -v4` and see which kernel feature is missing.");
    }

    private static string LastLine(ProgramRun run) =>
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {run.ExitCode}";
}
