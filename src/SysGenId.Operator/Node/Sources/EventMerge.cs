namespace SysGenId.Operator.Node.Sources;

/// <summary>
/// Tells which reports are about one event: pure. Several sources notice one restore of the machine, each a moment after the
/// other; a source that reports twice noticed two. So a report joins the oldest bump that is young enough and of which its
/// source has said nothing yet. Two restores that no source tells apart are one to everybody here.
/// </summary>
internal sealed class EventMerge(TimeProvider clock)
{
    /// <summary>
    /// From the first report of an event to the last. Sources that are woken are milliseconds apart; a loaded machine that has
    /// just been resumed may take a thousand times as long. Two restores of one machine within it are told apart by their source.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    // More bumps than this within a window come from sources that are broken.
    private const int MostOpen = 32;

    private readonly Queue<Bump> _open = [];

    /// <summary>The bump that a report belongs to; null when it is about something new.</summary>
    /// <param name="source">Who reports.</param>
    /// <param name="lateness">How long after the event it may have noticed it.</param>
    public Guid? Join(string source, TimeSpan lateness)
    {
        foreach (var bump in _open)
        {
            if (clock.GetElapsedTime(bump.Made) > Window + lateness || !bump.Sources.Add(source)) continue;
            return bump.Change;
        }

        return null;
    }

    /// <summary>A report led to a bump of its own.</summary>
    public void Opened(Guid change, string source)
    {
        if (_open.Count == MostOpen) _open.Dequeue();
        _open.Enqueue(new Bump(change, clock.GetTimestamp(), [source]));
    }

    private sealed record Bump(Guid Change, long Made, HashSet<string> Sources);
}
