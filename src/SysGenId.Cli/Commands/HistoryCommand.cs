using System.CommandLine;
using SysGenId.Cli.Output;
using SysGenId.Cli.Sockets;
using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary><c>sysgenid history</c>: the last changes of a node.</summary>
internal static class HistoryCommand
{
    private const int ShortContainerLength = 12;

    public static Command Create(CommandContext context) =>
        SocketCommand.Create("history", "Lists the last changes of the node, newest last.", parsed => Run(parsed, context));

    private static ExitCode Run(ParseResult parsed, CommandContext context)
    {
        using var server = parsed.Connect(context);
        if (server.Role == SocketRole.Pod)
        {
            throw new CommandFailure(
                ExitCode.Failed, FailureCode.NotHere, "A pod keeps no history; the node's agent does.", "Run `sysgenid history` on the node.");
        }

        var answer = server.Demand(Message.Request(Operation.History));
        return parsed.Show(context, answer, output => Write(answer.List(AnswerField.Changes), output));
    }

    private static void Write(IReadOnlyList<Answer> changes, TextWriter output)
    {
        if (changes.Count == 0)
        {
            output.WriteLine("Nothing has happened yet: no restore, no bump.");
            return;
        }

        var table = new Table("TIME", ">GENERATION", "CAUSE", "OUTCOME", "WHERE", "NOTE");
        foreach (var change in changes)
        {
            table.Add(
                Moments.Date(change.Number(MessageField.TimeNs)), change.Generation(MessageField.Generation)?.ToString() ?? "-",
                change.Text(MessageField.Cause) ?? "-", change.Text(AnswerField.Outcome) ?? "-", Where(change), Note(change));
        }

        table.WriteTo(output);
    }

    private static string Where(Answer change)
    {
        var container = change.Text(MessageField.Container) is { Length: > 0 } id ? Shortened(id) : null;
        var pod = change.Text(AnswerField.Pod) is { Length: > 0 } name ? name : null;
        return string.Join(' ', new[] { pod, container }.OfType<string>()) is { Length: > 0 } place ? place : "-";
    }

    private static string Note(Answer change)
    {
        var minimum = change.Generation(MessageField.Minimum) is { } number and > 0 ? $"minimum {number}" : null;
        var suspected = change.Flag(AnswerField.Suspected) == true ? "suspected" : null;
        return string.Join("; ", new[] { minimum, suspected, Sources(change), change.Text(AnswerField.Message) }.Where(part => !string.IsNullOrEmpty(part)));
    }

    // Of other changes the cause says who told.
    private static string? Sources(Answer change) =>
        GenerationCauses.TryParse(change.Text(MessageField.Cause), out var cause) && cause == GenerationCause.VirtualMachineRestored
            ? string.Join(" and ", change.Texts(AnswerField.Sources))
            : null;

    // Container ids are long hexadecimal numbers, and everybody knows them by their beginning; names stay whole.
    private static string Shortened(string id) =>
        id.Length > ShortContainerLength && id.All(char.IsAsciiHexDigitLower) ? id[..ShortContainerLength] : id;
}
