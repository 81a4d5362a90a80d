using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>
/// Whether this node is the only one of its name, by what others write into its object; pure, but for the clock.
/// <code>
/// unique -- a report of another lineage --> contended -- nobody else wrote for a while --> unique
///            go past its number, once          |  ^        go past the highest number seen, once
///                                              +--+ each report is overwritten, waiting longer each time
/// </code>
/// Not thread-safe, <see cref="Conflict"/> excepted.
/// </summary>
internal sealed class Lineage
{
    private readonly LineageOptions _options;
    private readonly TimeProvider _clock;
    private readonly BackOff _backOff;
    private string? _conflict;
    private bool _isOverwritten;
    private bool _hasGonePast;
    private ulong _seen;
    private uint _highest;
    private uint? _reached;
    private int _insistence;
    private long _since;
    private TimeSpan _turn;

    public Lineage(LineageOptions options, TimeProvider clock, Random chance)
    {
        (_options, _clock) = (options, clock);
        _backOff = new BackOff(options.FirstWait, options.LongestWait, clock, chance);
    }

    /// <summary>Who else there is and what to do about it; null: nobody. Thread-safe.</summary>
    public string? Conflict => Volatile.Read(ref _conflict);

    /// <summary>Whether the object may be written now: who writes over another's report waits for his turn.</summary>
    public bool MayWrite => Conflict is null || !_isOverwritten || Elapsed >= _turn;

    /// <summary>When to look again though nothing has changed; null: not at all.</summary>
    public TimeSpan? NextLook => Conflict is null ? null
        : _isOverwritten ? Left(_turn)
        : Left(_options.Quiet);

    private TimeSpan Elapsed => _clock.GetElapsedTime(_since);

    /// <summary>The predecessor of this agent had not seen the end of it.</summary>
    public void Inherit(string conflict)
    {
        Begin(conflict);
        Rest(TimeSpan.Zero);
    }

    /// <summary>The object shows what somebody else wrote.</summary>
    /// <param name="report">What that says.</param>
    /// <param name="isNameOurs">Whether this node gave that name to a generation of its own.</param>
    /// <returns>Whether a conflict begins with it.</returns>
    public bool See(ForeignReport report, bool isNameOurs)
    {
        _isOverwritten = true;
        if (report.Version == _seen) return false;
        _seen = report.Version;
        if (Conflict is null && isNameOurs && !IsInsistedOn()) return false;

        var isNew = Conflict is null;
        if (isNew) Rest(TimeSpan.Zero);
        Begin(Describe(report));
        _highest = Math.Max(_highest, report.Generation);
        if (!_hasGonePast) _reached = report.Generation;
        _hasGonePast = true;
        return isNew;
    }

    /// <summary>The object shows what this agent wrote, or nothing that anybody else did.</summary>
    /// <returns>Whether a conflict is over: once the node is past the highest number that was met, <see cref="End"/> it.</returns>
    public bool SeeNone()
    {
        _isOverwritten = false;
        if (Conflict is null || Elapsed < _options.Quiet) return false;
        _reached = _highest;
        return true;
    }

    /// <summary>The node is unique again.</summary>
    public void End()
    {
        (_highest, _hasGonePast, _insistence) = (0, false, 0);
        _backOff.Reset();
        Volatile.Write(ref _conflict, null);
    }

    /// <summary>This agent wrote.</summary>
    public void Wrote()
    {
        if (Conflict is not null && _isOverwritten) Rest(_backOff.Next(null));
        _isOverwritten = false;
    }

    /// <summary>
    /// The number of another lineage that this node has to go past, if there is one since the last call: once when a conflict
    /// begins, or two agents would drive each other on for ever, and once when it ends, so that nothing above is ever shown.
    /// </summary>
    public uint? TakeReached()
    {
        var reached = _reached;
        _reached = null;
        return reached;
    }

    private void Begin(string conflict) => Volatile.Write(ref _conflict, conflict);

    // Quiet begins, and the next turn is after this.
    private void Rest(TimeSpan turn) => (_since, _turn) = (_clock.GetTimestamp(), turn);

    // What is due and cannot be done yet, as when the node is away, is looked at again a little later.
    private TimeSpan Left(TimeSpan wait) => wait - Elapsed is { Ticks: > 0 } left ? left : _options.FirstWait;

    // Neither has moved since the clone was made, so both report under one name.
    private bool IsInsistedOn()
    {
        if (_insistence > 0 && Elapsed > _options.InsistenceWindow) _insistence = 0;
        Rest(TimeSpan.Zero);
        return ++_insistence >= _options.Insistence;
    }

    private string Describe(ForeignReport report) =>
        $"Somebody else reports as this node: generation {report.Generation} ({report.Id}) is of another lineage. Either this machine was restored to an "
        + "earlier state and that is its own future, or a clone of it runs: give each clone a node name of its own and register its kubelet anew. "
        + $"This is said until nobody else has reported for {_options.Quiet.TotalMinutes:0.##} minutes.";
}
