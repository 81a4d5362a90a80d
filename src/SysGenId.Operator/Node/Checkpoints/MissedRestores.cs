using Microsoft.Extensions.Logging;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Peers;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>
/// What the hook left while the agent was away (S25): one file for each restore it let through or refused. Each becomes
/// a line of history; those let through are caught up with. Loop thread only.
/// </summary>
internal sealed class MissedRestores(string directory, GenerationPublisher publisher, ILogger log) : IEventHandler, IDisposable
{
    private const uint DirectoryMode = 0x1C0; // 0700: only root's hook writes here
    private const char Unfinished = '.'; // begins the name of a file that a hook is still writing

    private ChangeNotification? _notification;
    private Action<GenerationChange>? _caughtUp;
    private EventLoop? _loop;
    private long _token;

    /// <summary>Makes the place where the hook leaves its files.</summary>
    /// <exception cref="LinuxException">Something else is there: what it leads to is not ours to empty.</exception>
    public void Prepare()
    {
        Files.CreateDirectory(directory, DirectoryMode);
        if (Files.TryStatus(directory, out _) is { IsDirectory: true } status && status.Owner == Libc.geteuid()) return;
        throw new LinuxException($"{directory} is not a directory of this user; remove it and start again", Errno.ENOTDIR);
    }

    /// <summary>
    /// Books what is there, and from now on what comes: a hook that found nobody may write that down when the next agent
    /// serves already.
    /// </summary>
    /// <param name="loop">Where it is called back.</param>
    /// <param name="caughtUp">Delivers a change.</param>
    public void Watch(EventLoop loop, Action<GenerationChange> caughtUp)
    {
        (_loop, _caughtUp) = (loop, caughtUp);
        _notification = new ChangeNotification();
        _notification.TryWatch(directory, ChangeNotification.MovedTo);
        _token = loop.Add(_notification.Descriptor, EventPoll.Readable, this);
        if (Book() is { } change) caughtUp(change);
    }

    public void Dispose()
    {
        if (_notification is null) return;
        _loop?.Remove(_notification.Descriptor, _token);
        _notification.Dispose();
        _notification = null;
    }

    void IEventHandler.OnReady(uint events)
    {
        _notification?.Drain();
        if (Book() is { } change) _caughtUp?.Invoke(change);
    }

    /// <summary>Books what is there and removes it.</summary>
    /// <returns>The last change it made, for delivery; null when there was nothing to catch up with.</returns>
    public GenerationChange? Book()
    {
        GenerationChange? last = null;
        foreach (var file in Directory.EnumerateFiles(directory).Order().ToArray())
        {
            if (Path.GetFileName(file.AsSpan())[0] == Unfinished) continue;
            var missed = Files.TryReadAll(file, MissedRestore.MaximumLength, out _) is { } bytes ? MissedRestore.TryParse(bytes) : null;
            if (missed is null || TryBook(missed, ref last)) Files.Remove(file);
        }

        return last;
    }

    // False: no bump can be made now; the next agent tries again.
    private bool TryBook(MissedRestore missed, ref GenerationChange? last)
    {
        log.RestoreMissed(missed.IsRefused ? "refused" : "let through", missed.Reason);
        var container = CgroupPath.Parse(missed.Cgroups);
        var draft = publisher.Draft(GenerationCause.ContainerRestored) with
        {
            Outcome = missed.IsRefused ? ChangeOutcome.Refused : ChangeOutcome.Missed,
            Message = missed.Reason,
            Minimum = missed.Record?.Generation is { } recorded and < uint.MaxValue ? recorded + 1 : null,
            Container = container?.ContainerId ?? missed.Record?.Container,
            Pod = container?.PodUid ?? missed.Record?.PodUid,
        };
        if (!missed.IsRefused)
        {
            if (publisher.TryBump(draft, out _) is not { } change) return false;
            last = change;
            return true;
        }

        publisher.Node.Remember(draft with { Generation = publisher.Node.Current.Generation });
        publisher.RecordSoon();
        return true;
    }
}
