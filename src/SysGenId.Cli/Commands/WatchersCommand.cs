using System.CommandLine;
using SysGenId.Cli.Output;
using SysGenId.Cli.Sockets;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary><c>sysgenid watchers</c>: who has adapted and who has not.</summary>
internal static class WatchersCommand
{
    public static Command Create(CommandContext context) =>
        SocketCommand.Create("watchers", "Counts the watchers of the pod, or of each sidecar of the node.", parsed => Run(parsed, context));

    private static ExitCode Run(ParseResult parsed, CommandContext context)
    {
        using var server = parsed.Connect(context);
        if (server.Role == SocketRole.Node)
        {
            var status = StatusCommand.Ask(server);
            return parsed.Show(context, status, output => WriteNode(status, output));
        }

        var answer = server.Demand(Message.Request(Operation.Watchers));
        return parsed.Show(context, answer, output => WritePod(answer, output));
    }

    private static void WriteNode(Answer status, TextWriter output)
    {
        var sidecars = status.List(AnswerField.Sidecars);
        if (sidecars.Count == 0)
        {
            output.WriteLine("No sidecar is connected to this node's agent, so nobody watches.");
            return;
        }

        var table = new Table("SIDECAR", ">GENERATION", ">WATCHERS", ">OUTDATED", "STATE");
        foreach (var sidecar in sidecars)
        {
            table.Add(
                sidecar.Text(AnswerField.Name) ?? "-", Cell(sidecar.Generation(MessageField.Generation)), Cell(sidecar.Number(MessageField.Watchers)),
                Cell(sidecar.Number(MessageField.Outdated)), State(sidecar));
        }

        table.WriteTo(output);
        var watchers = status.Number(MessageField.Watchers) ?? 0;
        output.WriteLine();
        output.WriteLine($"{WatcherText.Number(watchers, "watcher")}, {status.Number(MessageField.Outdated) ?? 0} outdated, "
            + $"{WatcherText.Number(sidecars.Count, "sidecar")}; the node is at generation {Cell(status.Generation(MessageField.Generation))}.");
    }

    private static string State(Answer sidecar)
    {
        if (sidecar.Flag(AnswerField.Quiesced) == true) return "closed while a checkpoint is taken";

        // While the sidecar has not confirmed, the agent counts its watchers, and at least one, as outdated.
        if (sidecar.Flag(AnswerField.Confirmed) == false) return "BEHIND: has not confirmed the last change";
        return sidecar.Number(MessageField.Outdated) > 0 ? "watchers have to ack" : "up to date";
    }

    private static void WritePod(Answer answer, TextWriter output)
    {
        var outdated = answer.Number(MessageField.Outdated) ?? 0;
        var expected = answer.Number(MessageField.Expected) ?? 0;
        var facts = new Facts();
        facts.Add("generation", answer.RequiredGeneration(MessageField.Generation).ToString());
        facts.Add("watchers", WatcherText.Counts(answer.Number(MessageField.Watchers) ?? 0, outdated));
        if (expected > 0) facts.Add("expected", $"{expected} still to come back after a restore (counted above as outdated)");
        facts.WriteTo(output);
        if (outdated == 0) return;
        output.WriteLine();
        output.WriteLine("`sysgenid wait --timeout 30` waits until none is outdated.");
    }

    private static string Cell(object? value) => value?.ToString() ?? "-";
}
