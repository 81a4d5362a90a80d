namespace SysGenId.Operator.Node.Sources;

/// <summary>
/// How far each source was followed in this boot: stored with the state, so that what happened while the agent was away
/// counts, and counts once. Loop thread only.
/// </summary>
/// <param name="stored">Those of this boot; null: none.</param>
/// <param name="isContinued">Whether an agent served in this boot before.</param>
internal sealed class SourceMarks(IReadOnlyDictionary<string, ulong>? stored, bool isContinued = false)
{
    private readonly Dictionary<string, ulong> _marks = stored is null ? [] : new(stored);
    private readonly HashSet<string> _waiting = [];

    /// <summary>
    /// Whether an agent served in this boot before. If none did, nobody holds anything that an earlier event could have made
    /// stale; if one did and left no mark, all that the source still remembers counts.
    /// </summary>
    public bool IsContinued { get; } = isContinued;

    /// <summary>Where a source was; null when it was never followed in this boot.</summary>
    public ulong? Of(string source) => _marks.TryGetValue(source, out var mark) ? mark : null;

    /// <summary>
    /// A source is followed up to here. It is stored with the next state. While an event of the source waits this does
    /// nothing: the mark stays before that event, and an agent that is ended finds it again.
    /// </summary>
    public void Set(string source, ulong mark)
    {
        if (!_waiting.Contains(source)) _marks[source] = mark;
    }

    /// <summary>An event of this source waits for its bump.</summary>
    public void Hold(string source) => _waiting.Add(source);

    /// <summary>The generation moved for all events of a source up to here; null: it has no places.</summary>
    public void Take(string source, ulong? mark)
    {
        _waiting.Remove(source);
        if (mark is { } place) _marks[source] = place;
    }

    /// <summary>A copy for storing.</summary>
    public IReadOnlyDictionary<string, ulong>? Copy() => _marks.Count == 0 ? null : new Dictionary<string, ulong>(_marks);
}
