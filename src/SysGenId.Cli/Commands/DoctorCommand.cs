using System.CommandLine;
using System.Text.Json;
using SysGenId.Cli.Diagnosis;
using SysGenId.Cli.Output;
using SysGenId.Core;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary><c>sysgenid doctor</c>: what is missing, and what to do about it.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> _selfTest = new("--self-test")
    {
        Description = "Also have the agent checkpoint and restore a process of its own, to prove that restores are noticed.",
    };

    private static readonly Option<string> _criuConfiguration = new("--criu-config")
    {
        HelpName = "FILE",
        Description = "The configuration of CRIU to look into.",
        DefaultValueFactory = _ => SystemPaths.CriuConfiguration,
    };

    public static Command Create(CommandContext context) => SocketCommand.Create(
        "doctor", "Checks what SysGenId needs here, and says what to do.", parsed => Run(parsed, context), _selfTest, _criuConfiguration);

    private static ExitCode Run(ParseResult parsed, CommandContext context)
    {
        var doctor = new Doctor(context, parsed.SocketPath(context), parsed.GetRequiredValue(_criuConfiguration));
        var checks = doctor.Examine(parsed.GetValue(_selfTest)).ToList();
        var ok = checks.TrueForAll(check => check.Verdict != Verdict.Fail);
        if (parsed.IsForPrograms()) JsonLine.Write(context.Output, json => WriteFields(json, ok, checks));
        else WriteText(context.Output, checks);
        return ok ? ExitCode.Success : ExitCode.Failed;
    }

    private static void WriteText(TextWriter output, List<Check> checks)
    {
        var width = checks.Max(check => check.Name.Length);
        foreach (var check in checks)
        {
            output.WriteLine($"{Word(check.Verdict),-4}  {check.Name.PadRight(width)}  {PlainText.Of(check.Finding)}");
            if (check.Advice is { } advice) output.WriteLine($"      {new string(' ', width)}  -> {PlainText.Of(advice)}");
        }

        output.WriteLine();
        output.WriteLine(string.Join(", ", Enum.GetValues<Verdict>().Select(verdict => $"{checks.Count(check => check.Verdict == verdict)} {Word(verdict)}")));
    }

    private static void WriteFields(Utf8JsonWriter json, bool ok, List<Check> checks)
    {
        json.WriteBoolean(MessageField.Ok, ok);
        json.WriteStartArray("checks");
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("result", Word(check.Verdict).ToLowerInvariant());
            json.WriteString("finding", check.Finding);
            if (check.Advice is { } advice) json.WriteString("advice", advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Word(Verdict verdict) => verdict switch { Verdict.Ok => "ok", Verdict.Warn => "warn", _ => "FAIL" };
}
