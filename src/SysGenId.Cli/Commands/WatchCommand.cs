using System.CommandLine;
using SysGenId.Cli.Output;
using SysGenId.Cli.Watching;
using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary><c>sysgenid watch</c>: one line for the current generation and one for each change.</summary>
internal static class WatchCommand
{
    private static readonly Option<int?> _count = NumberOption.Count(
        "--count", "End after so many changes; 0 shows the current generation only. Default: go on until Ctrl-C.");

    public static Command Create(CommandContext context) => SocketCommand.Create(
        "watch", "Shows the current generation and then every change as it comes.", parsed => Run(parsed, context), _count);

    private static ExitCode Run(ParseResult parsed, CommandContext context)
    {
        // Not a change: where it stands when the watching begins.
        var lines = parsed.GetValue(_count) is { } count ? count + 1L : long.MaxValue;
        var forPrograms = parsed.IsForPrograms();
        var isFirst = true;
        foreach (var change in Follow(parsed.SocketPath(context), context.Clock))
        {
            if (forPrograms) JsonLine.Write(context.Output, json => WriteFields(json, change));
            else WriteText(context.Output, change, withTitles: isFirst);
            isFirst = false;
            if (--lines == 0) break;
        }

        return ExitCode.Success;
    }

    private static IEnumerable<Change> Follow(string socket, TimeProvider clock)
    {
        if (Path.GetFileName(socket) == SystemPaths.WatchSocketName) return Guarded(new WatchSocketFollower(socket, clock).Follow(), socket);
        var page = SystemPaths.Beside(socket, SystemPaths.PageName);
        var watchSocket = SystemPaths.Beside(socket, SystemPaths.WatchSocketName);
        return !File.Exists(page) && File.Exists(watchSocket)
            ? Guarded(new WatchSocketFollower(watchSocket, clock).Follow(), watchSocket)
            : Guarded(PageFollower.Follow(page), page);
    }

    // An iterator's own faults, turned into sentences; those of whoever consumes it pass untouched.
    private static IEnumerable<Change> Guarded(IEnumerable<Change> changes, string path)
    {
        using var following = changes.GetEnumerator();
        while (MoveNext(following, path)) yield return following.Current;
    }

    private static bool MoveNext(IEnumerator<Change> following, string path)
    {
        try
        {
            return following.MoveNext();
        }
        catch (CounterPageException fault)
        {
            throw new CommandFailure(ExitCode.Failed, FailureCode.NothingToWatch, fault.Message, "Name the agent's or the pod's socket with --socket.");
        }
        catch (LinuxException fault) when (fault.Error == Errno.EACCES)
        {
            throw new CommandFailure(
                ExitCode.PermissionDenied, ErrorCode.PermissionDenied, $"You may not read {path}.", "Run the command as root, or in a pod of this node.");
        }
        catch (LinuxException fault)
        {
            throw new CommandFailure(
                ExitCode.NoAnswer, FailureCode.NothingToWatch, $"There is nothing to watch at {path} ({fault.Error}).",
                "On a node, start the agent (`sysgenid-operator node --standalone`); in a pod, see that its sidecar runs. "
                + "Other places are named with --socket.");
        }
    }

    private static void WriteText(TextWriter output, Change change, bool withTitles)
    {
        if (withTitles) output.WriteLine(Line("TIME", "GENERATION", "CAUSE", "ID"));
        var cause = change.Cause is null or GenerationCause.None ? "-" : change.Cause.Value.Name();
        output.WriteLine(Line(Moments.Date(change.TimeNs), change.Generation.ToString(), cause, Identity.Show(change.Id)));
        output.Flush();
    }

    private static string Line(string time, string generation, string cause, string id) => $"{time,-20}  {generation,10}  {cause,-22}  {id}";

    private static void WriteFields(System.Text.Json.Utf8JsonWriter json, Change change)
    {
        json.WriteNumber(MessageField.Generation, change.Generation);
        if (change.Id is { } id) json.WriteString(MessageField.Id, id);
        if (change.Cause is { } cause) json.WriteString(MessageField.Cause, cause.Name());
        json.WriteNumber(MessageField.TimeNs, change.TimeNs);
    }
}
