using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;

namespace SysGenId.Sidecar.Startup;

/// <summary>
/// Looks at what a sidecar serves as a program of its pod does. It changes nothing; its connection to the watch socket,
/// made last and closed at once, is a watcher for that moment.
/// </summary>
internal sealed class ReadyCheck(ReadyOptions options, TimeProvider clock)
{
    // Short against everything else in the start of a container, long against what one look costs.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly string _page = Path.Join(options.Directory, SystemPaths.PageName);
    private readonly string _watch = Path.Join(options.Directory, SystemPaths.WatchSocketName);
    private readonly string _control = Path.Join(options.Directory, SystemPaths.ControlSocketName);

    /// <summary>What it came to, and the one sentence that says so.</summary>
    public (ReadyOutcome Outcome, string Sentence) Run()
    {
        var start = clock.GetTimestamp();
        var (outcome, detail) = Look();
        while (outcome != ReadyOutcome.Ready && clock.GetElapsedTime(start) < options.Wait)
        {
            Readiness.Pause(_pause);
            (outcome, detail) = Look();
        }

        return (outcome, Sentence(outcome, detail));
    }

    private (ReadyOutcome, string) Look()
    {
        try
        {
            if (Files.TryStatus(_page, out var error) is not { } status) return (ReadyOutcome.PageMissing, $"{error}");
            if (!status.IsRegularFile) return (ReadyOutcome.PageUnusable, "it is not a regular file");
            if (status.Size != PageLayout.Length) return (ReadyOutcome.PageUnusable, $"it is {status.Size} bytes long, not {PageLayout.Length}");
            if (status.Permissions != PageLayout.Mode) return (ReadyOutcome.PageUnusable, $"its mode is {Octal(status.Permissions)}, not {Octal(PageLayout.Mode)}");
            return (LookAt(Flags()), "");
        }
        catch (CounterPageException)
        {
            return (ReadyOutcome.PageUnusable, "it has no mark of ours");
        }
        catch (LinuxException failure)
        {
            return (ReadyOutcome.PageUnusable, failure.Message);
        }
    }

    private PageFlags Flags()
    {
        using var page = CounterPageReader.Open(_page);
        return page.Read().Flags;
    }

    private ReadyOutcome LookAt(PageFlags flags)
    {
        if (options.RequireGate && !flags.HasFlag(PageFlags.AgentConnected)) return ReadyOutcome.AgentAway;
        if (options.RequireGate && !flags.HasFlag(PageFlags.GateProven)) return ReadyOutcome.GateNotProven;
        if (flags.HasFlag(PageFlags.Quiesced)) return ReadyOutcome.Quiesced;
        return Accepts(_control) && Accepts(_watch) ? ReadyOutcome.Ready : ReadyOutcome.SocketsClosed;
    }

    private static bool Accepts(string path)
    {
        using var connection = UnixSocket.TryConnect(path, blocking: false, out _);
        return connection is not null;
    }

    private static string Octal(uint mode) => "0" + Convert.ToString(mode, 8);

    private string Sentence(ReadyOutcome outcome, string detail) => outcome switch
    {
        ReadyOutcome.Ready => $"The sidecar is ready at {options.Directory}.",
        ReadyOutcome.PageMissing => $"There is no counter page at {_page} ({detail}): the sidecar has not begun to serve, and its log says why.",
        ReadyOutcome.PageUnusable => $"{_page} is no counter page that every program can use ({detail}): remove it and restart the sidecar.",
        ReadyOutcome.AgentAway => "The node's agent is not connected, so nothing vouches for this node's CRIU gate as /dev/sysgenid asks for: "
            + "see that the sysgenid-agent pod of this node is ready.",
        ReadyOutcome.GateNotProven => "The CRIU gate of this node is not proven, so it offers no /dev/sysgenid: "
            + "condition GateProven of the node's systemgeneration says why.",
        ReadyOutcome.Quiesced => "The sockets are closed while a checkpoint of this pod is taken: they open again when it is over.",
        _ => $"Nobody accepts at {_control} and {_watch}: the sidecar opens them within a second of its start, else its log says why.",
    };
}
