using System.CommandLine;
using SysGenId.Cli.Sockets;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary><c>sysgenid wait</c>: until no watcher is outdated (S12).</summary>
internal static class WaitCommand
{
    private static readonly Option<TimeSpan> _timeout = NumberOption.Seconds(
        "--timeout", "Give up after so many seconds. Default: 0, no limit.");

    private static readonly Option<uint?> _generation = NumberOption.Generation(
        "--generation", "The generation you have handled: wait only while it is current. Default: the current one.");

    public static Command Create(CommandContext context) => SocketCommand.Create(
        "wait", "Waits until every watcher has adapted to the current generation.", parsed => Run(parsed, context), _timeout, _generation);

    private static ExitCode Run(ParseResult parsed, CommandContext context)
    {
        var timeout = parsed.GetValue(_timeout);
        using var server = parsed.Connect(context);
        var start = context.Clock.GetTimestamp();
        var request = new Message
        {
            Op = Operation.WaitWatchers,
            TimeoutMs = (long)timeout.TotalMilliseconds,
            Generation = parsed.GetValue(_generation) ?? StatusCommand.Ask(server).RequiredGeneration(MessageField.Generation),
        };
        var answer = server.Ask(request, timeout == TimeSpan.Zero ? null : timeout + ServerConnection.QuickAnswer);
        if (!answer.IsOk) return Refused(parsed, context, request, answer, server.Role);
        return parsed.Show(context, answer, output => output.WriteLine(
            $"Every watcher has adapted to generation {answer.RequiredGeneration(MessageField.Generation)} "
            + $"(waited {context.Clock.GetElapsedTime(start).TotalSeconds:0.0} s)."));
    }

    private static ExitCode Refused(ParseResult parsed, CommandContext context, Message request, Answer answer, SocketRole role)
    {
        var failure = ServerRefusal.Of(answer, role);
        if (parsed.IsForPrograms())
        {
            answer.WriteTo(context.Output);
            return failure.ExitCode;
        }

        throw failure.ExitCode switch
        {
            ExitCode.TimedOut => failure.InOtherWords($"{Outdated(answer)} still outdated after {request.TimeoutMs / 1000.0:0.###} s."),
            ExitCode.Interrupted => failure.InOtherWords($"The generation moved from {request.Generation} to {answer.Generation(MessageField.Generation)?.ToString() ?? "another"}."),
            _ => failure,
        };
    }

    private static string Outdated(Answer answer) =>
        answer.Number(MessageField.Outdated) is { } count ? WatcherText.Number(count, "watcher") : "Some watchers";
}
