using System.CommandLine;
using SysGenId.Cli.Output;
using SysGenId.Cli.Sockets;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary><c>sysgenid bump</c>: raises the generation by hand (S13).</summary>
internal static class BumpCommand
{
    // The agent stores and fans out before it answers; the publish timeout is the node's to choose.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    private static readonly Option<uint?> _minimum = NumberOption.Generation(
        "--min", "Raise to at least this number. Default: one more than now.");

    public static Command Create(CommandContext context) => SocketCommand.Create(
        "bump", "Raises the generation, so that every watcher has to adapt.", parsed => Run(parsed, context), _minimum);

    private static ExitCode Run(ParseResult parsed, CommandContext context)
    {
        using var server = parsed.Connect(context);
        var before = StatusCommand.Ask(server).RequiredGeneration(MessageField.Generation);
        var answer = server.Demand(new Message { Op = Operation.Force, MinimumGeneration = parsed.GetValue(_minimum) ?? 0 }, _limit);
        return parsed.Show(context, answer, output =>
        {
            var facts = new Facts();
            facts.Add("generation", $"{before} -> {answer.RequiredGeneration(MessageField.Generation)}");
            facts.Add("id", Identity.Show(answer.Text(MessageField.Id)));
            facts.WriteTo(output);
            output.WriteLine();
            output.WriteLine(server.Role == SocketRole.Node
                ? "Every pod of this node sees it. `sysgenid wait --timeout 30` waits until their watchers have adapted."
                : "This pod sees it, no other does. `sysgenid wait --timeout 30` waits until its watchers have adapted.");
        });
    }
}
