using System.CommandLine;
using SysGenId.Cli.Sockets;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary><c>sysgenid status</c>: where node or pod stands.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandContext context) =>
        SocketCommand.Create("status", "Shows the generation, why it moved, and who has adapted.", parsed => Run(parsed, context));

    /// <summary>The state of the node or of the pod.</summary>
    public static Answer Ask(ServerConnection server) =>
        server.Demand(Message.Request(server.Role == SocketRole.Node ? Operation.Status : Operation.Get));

    private static ExitCode Run(ParseResult parsed, CommandContext context)
    {
        using var server = parsed.Connect(context);
        var answer = Ask(server);
        return parsed.Show(context, answer, output =>
        {
            var text = new StatusText(answer, context.Clock);
            if (server.Role == SocketRole.Node) text.WriteNode(output);
            else text.WritePod(output);
        });
    }
}
