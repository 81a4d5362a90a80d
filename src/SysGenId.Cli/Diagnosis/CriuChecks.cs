namespace SysGenId.Cli.Diagnosis;

/// <summary>Is there a CRIU that works?</summary>
internal sealed class CriuChecks(Machine machine)
{
    private const string Program = "criu";
    private const string Advice = "Install CRIU 4.0 or newer (Debian 13: `apt install criu`); without it no container can be checkpointed or restored.";

    // Debian 12's 3.17 cannot start on recent kernels; this is the oldest that was tried.
    private static readonly Version _oldest = new(4, 0);

    public IEnumerable<Check> All()
    {
        var version = Version(machine.Run(Program, ["--version"]));
        yield return version;
        if (version.Verdict != Verdict.Fail) yield return Works();
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

    private Check Works()
    {
        if (!machine.IsRoot) return Check.Warn("criu-check", "not run: needs root", "Run `sudo sysgenid doctor`.");
        var run = machine.Run(Program, ["check"]);
        return run is { ExitCode: 0 }
            ? Check.Ok("criu-check", "`criu check` is content with this kernel")
            : Check.Fail("criu-check", $"`criu check` fails: {(run is null ? "cannot be started" : LastLine(run))}", "Run `criu check -v4` and see which kernel feature is missing.");
    }

    private static string LastLine(ProgramRun run) =>
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {run.ExitCode}";
}
