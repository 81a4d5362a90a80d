using Microsoft.Extensions.Logging;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Peers;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>
/// What the hook left while the agent was away (S25): one file for each restore it let through or refused. Each becomes
/// a line of history; those let through are caught up with. An agent that was only held up finds them as they come.
/// Loop thread only.
/// </summary>
internal sealed class MissedRestores(string directory, GenerationPublisher publisher, NodeJournal journal, ILogger log) : IEventHandler, IDisposable
{
    private const uint DirectoryMode = 0x1C0; // 0700: only root's hook writes here

    // The hook writes under a name that begins so and then gives the file its own: a part of one is never booked.
    private const char UnfinishedMark = '.';

    private readonly ChangeNotification _notification = new();
    private Action<GenerationChange>? _caughtUp;

    /// <summary>Makes the place where the hook leaves its files.</summary>
    /// <exception cref="LinuxException">Something else is there: what it leads to is not ours to empty.</exception>
    public void Prepare()
    {
        Files.CreateDirectory(directory, DirectoryMode);
        if (Files.TryStatus(directory, out _) is not { IsDirectory: true } status || status.Owner != Libc.geteuid())
        {
            throw new LinuxException($"{directory} is not a directory of this user; remove it and start again", Errno.ENOTDIR);
        }

        // Before the first look, so that nothing comes between the two unseen.
        _notification.TryWatch(directory, ChangeNotification.MovedTo);
    }

    /// <summary>Books what is there and removes it.</summary>
    /// <returns>The last change it made, for delivery; null when there was nothing to catch up with.</returns>
    public GenerationChange? Book()
    {
        GenerationChange? last = null;
        foreach (var file in Directory.EnumerateFiles(directory).Where(file => Path.GetFileName(file)[0] != UnfinishedMark).Order().ToArray())
        {
            var missed = Files.TryReadAll(file, MissedRestore.MaximumLength, out _) is { } bytes ? MissedRestore.TryParse(bytes) : null;
            if (missed is { IsRefused: true }) Remember(missed);
            else if (missed is not null && CatchUp(missed) is { } change) last = change;
            else if (missed is not null) continue;
            Files.Remove(file);
        }

        return last;
    }

    /// <summary>Books what comes from now on.</summary>
    /// <param name="loop">Sees it come.</param>
    /// <param name="caughtUp">Delivers a change that was made.</param>
    public void Watch(EventLoop loop, Action<GenerationChange> caughtUp)
    {
        _caughtUp = caughtUp;
        loop.Add(_notification.Descriptor, EventPoll.Readable, this);
    }

    /// <summary>Call when the loop has ended.</summary>
    public void Dispose() => _notification.Dispose();

    void IEventHandler.OnReady(uint events)
    {
        _notification.Drain();
        if (Book() is { } change) _caughtUp!(change);
    }

    // One that cannot be caught up with now, for want of numbers or of a disk, is kept for the next time.
    private GenerationChange? CatchUp(MissedRestore missed)
    {
        var change = publisher.TryBump(Draft(missed, ChangeOutcome.Missed), out var failure);
        if (change is not null) journal.HappenedWhileAway(isRefused: false, change.Pod, change.Container, missed.Reason);
        log.RestoreMissed(change is null ? $"let through and cannot be caught up with ({failure!.Text})" : "let through", missed.Reason);
        return change;
    }

    private void Remember(MissedRestore missed)
    {
        log.RestoreMissed("refused", missed.Reason);
        var refused = Draft(missed, ChangeOutcome.Refused) with { Generation = publisher.Node.Current.Generation };
        publisher.Node.Remember(refused);
        journal.HappenedWhileAway(isRefused: true, refused.Pod, refused.Container, missed.Reason);
        publisher.RecordSoon();
    }

    private GenerationChange Draft(MissedRestore missed, ChangeOutcome outcome)
    {
        var container = CgroupPath.Parse(missed.Cgroups);
        return publisher.Draft(GenerationCause.ContainerRestored) with
        {
            Outcome = outcome,
            Message = missed.Reason,
            Minimum = missed.Record?.Generation is { } recorded and < uint.MaxValue ? recorded + 1 : null,
            Container = container?.ContainerId ?? missed.Record?.Container,
            Pod = container?.PodUid ?? missed.Record?.PodUid,
        };
    }
}
