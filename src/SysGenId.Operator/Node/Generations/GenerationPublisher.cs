using Microsoft.Extensions.Logging;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.State;

namespace SysGenId.Operator.Node.Generations;

/// <summary>
/// Makes bumps of the node: number, name, counter page; the disk follows in the background. Loop thread only.
/// </summary>
internal sealed class GenerationPublisher
{
    // How far ahead of the current number the stored ceiling is kept, and how close it may come before it is raised:
    // some ten thousand bumps happen between two writes at most, and a power failure costs one in 65,536 of all numbers.
    private const uint Headroom = 1 << 16;

    // Long enough that pages and watchers have it first, short enough that nobody looks in vain.
    private static readonly TimeSpan _recordDelay = TimeSpan.FromMilliseconds(20);

    private readonly EventLoop _loop;
    private readonly List<GenerationChange> _unlogged = [];
    private LoopTimer? _recording;
    private readonly NodeGeneration _node;
    private readonly CounterPageWriter _page;
    private readonly StateWriter _writer;
    private readonly TimeProvider _clock;
    private readonly string _bootId;
    private readonly SourceMarks _marks;
    private readonly uint _maximumJump;
    private readonly NodeJournal _journal;
    private readonly ILogger _log;

    public GenerationPublisher(
        EventLoop loop, NodeGeneration node, CounterPageWriter page, StateWriter writer, TimeProvider clock, string bootId, SourceMarks marks, uint maximumJump, NodeJournal journal, ILogger log)
    {
        (_loop, _node, _page, _writer, _clock, _bootId, _marks) = (loop, node, page, writer, clock, bootId, marks);
        (_maximumJump, _journal, _log) = (maximumJump, journal, log);
    }

    /// <summary>Raised after each bump of the node, before its delivery.</summary>
    public event Action? Bumped;

    /// <summary>Raised when the state cannot be stored any more, or can again.</summary>
    public event Action? StateFaultChanged;

    public NodeGeneration Node => _node;

    /// <summary>Why the state cannot be stored; null while it can.</summary>
    public string? StateFault { get; private set; }

    /// <summary>Whether a state of this process was stored.</summary>
    public bool IsStateStored { get; private set; }

    /// <summary>A change that is not made yet: now, under a new name (S24).</summary>
    public GenerationChange Draft(GenerationCause cause) => GenerationChange.Draft(cause, _clock);

    /// <summary>Bumps; the new generation is on the node's page when this returns.</summary>
    /// <param name="draft">Cause, name, minimum.</param>
    /// <param name="failure">What to answer when nothing moved.</param>
    /// <param name="deliver">
    /// Sends the change on, when the page shows it and before those who wait on the page are woken: a restore waits for the
    /// sidecars, and not for them.
    /// </param>
    public GenerationChange? TryBump(GenerationChange draft, out Message? failure, Action<GenerationChange>? deliver = null) =>
        TryBump(draft, _maximumJump, out failure, deliver);

    /// <summary>Bumps as the node's own administrator, or its own kernel, asks: however far ahead.</summary>
    /// <inheritdoc cref="TryBump(GenerationChange, out Message?, Action{GenerationChange}?)"/>
    public GenerationChange? TryForce(GenerationChange draft, out Message? failure, Action<GenerationChange> deliver) =>
        TryBump(draft, uint.MaxValue, out failure, deliver);

    /// <summary>Says which pod and container a change is about: asked for once it is on its way.</summary>
    public void Attribute(GenerationChange change, string? pod, string container)
    {
        var index = _unlogged.IndexOf(change);
        if (index >= 0) _unlogged[index] = change with { Pod = pod, Container = container };
        _node.Attribute(change.Id, pod, container);
    }

    /// <summary>
    /// Stores history and ceiling soon, and logs what happened: when nobody is held any more. The threads of disk and
    /// console would take a small machine's processors from the sidecars that a restore waits for.
    /// </summary>
    public void RecordSoon() => _recording ??= _loop.After(_recordDelay, Record);

    /// <summary>Logs what happened and has it stored.</summary>
    public void Record()
    {
        _recording?.Cancel();
        _recording = null;
        LogChanges();
        Store();
    }

    /// <summary>Has stored what happened, by another thread and at once; it is logged when its turn comes.</summary>
    public void Store() => _writer.Submit(State(isClean: false));

    /// <summary>Stores what a following agent needs to go on exactly here.</summary>
    public void StoreLast()
    {
        LogChanges();
        Note(_writer.StoreNow(State(isClean: true)));
    }

    /// <summary>Stores that an agent runs, before it serves anybody.</summary>
    public void StoreFirst() => StoreNow(State(isClean: false));

    /// <summary>An attempt to store ended.</summary>
    public void Stored(NodeState state, LinuxException? failure)
    {
        Note(failure);
        if (failure is not null) return;
        IsStateStored = true;
        _node.RaiseCeiling(state.Ceiling);
    }

    /// <summary>Shows the node's generation on its page, for the start.</summary>
    public void ShowCurrent(PageFlags flags)
    {
        Show(_node.Current, flags);
        _page.Wake();
    }

    /// <summary>Flags and counts of the node's page.</summary>
    public void ShowCounts(PageFlags flags, int watchers, int outdated) => _page.Update(flags, watchers, outdated);

    private GenerationChange? TryBump(GenerationChange draft, uint maximumJump, out Message? failure, Action<GenerationChange>? deliver)
    {
        var change = _node.TryBump(draft, maximumJump, out var refusal);
        if (refusal == BumpRefusal.AboveCeiling)
        {
            // Rare: a jump of more than the headroom, or a disk that has refused for tens of thousands of bumps.
            StoreNow(State(isClean: false) with { Ceiling = CeilingAbove(_node.Next(draft.Minimum ?? 0, maximumJump)) });
            change = _node.TryBump(draft, maximumJump, out refusal);
        }

        failure = change is null ? Explain(refusal) : null;
        if (refusal == BumpRefusal.Exhausted) _journal.Exhausted();
        if (change is null) return null;
        Show(change, _page.Content.Flags);
        Bumped?.Invoke();
        deliver?.Invoke(change);
        _page.Wake();
        _unlogged.Add(change);
        RecordSoon();
        _journal.Bumped(change);
        return change;
    }

    private void StoreNow(NodeState state) => Stored(state, _writer.StoreNow(state));

    private void LogChanges()
    {
        foreach (var change in _unlogged) _log.Bumped(change.Generation, change.Id, change.Cause, change.Pod, change.Container);
        _unlogged.Clear();
    }

    private void Show(GenerationChange change, PageFlags flags) =>
        _page.Show(_page.Content with { Generation = change.Generation, Id = change.Id, TimeNs = change.TimeNs, Cause = change.Cause, Flags = flags });

    private NodeState State(bool isClean) => new()
    {
        Ceiling = CeilingAbove(_node.Current.Generation),
        BootId = _bootId,
        IsClean = isClean,
        Current = _node.Current,
        History = [.. _node.History],
        SourceMarks = _marks.Copy(),
    };

    // Moves in steps of the headroom, so that a bump stores a new ceiling rarely.
    private static uint CeilingAbove(uint generation) =>
        (uint)Math.Min(uint.MaxValue, ((ulong)generation / Headroom + 2) * Headroom);

    private void Note(LinuxException? failure)
    {
        if (failure is not null && StateFault is null) _log.StateUnwritable(failure.Message);
        if (failure is null && StateFault is not null) _log.StateWritableAgain();
        var isNews = (failure is null) != (StateFault is null);
        StateFault = failure?.Message;
        if (isNews) StateFaultChanged?.Invoke();
    }

    private Message Explain(BumpRefusal refusal) => refusal switch
    {
        BumpRefusal.Exhausted => Message.Failure(
            ErrorCode.GenerationExhausted, $"generation {uint.MaxValue} is the last; it never wraps. This node cannot be bumped any more."),
        _ => Message.Failure(
            ErrorCode.StateUnwritable, $"numbers above {_node.Ceiling} could repeat after a crash while the state cannot be stored: {StateFault}"),
    };
}
