namespace SysGenId.Operator.Cluster;

/// <summary>
/// Decides which Event object an event belongs to. The same event again is counted on its object. Of events that differ in
/// their message only, the first few get objects of their own and all others share one, so that a storm makes a bounded
/// number of objects. Pure; not thread-safe.
/// </summary>
internal sealed class EventSeriesBook
{
    /// <summary>Silence after which the same event is a new story. As other Kubernetes components do.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Objects for the messages of one reason on one subject, before they share one. As other Kubernetes components do.</summary>
    public const int MessagesOfOneReason = 10;

    /// <summary>Series kept in memory; the longest silent one goes first.</summary>
    public const int MostSeries = 1024;

    private const string CombinedPrefix = "(combined from similar events): ";

    private readonly Dictionary<string, EventSeries> _series = [];
    private readonly Dictionary<string, int> _messages = [];
    private readonly Random _chance;

    public EventSeriesBook(Random chance)
    {
        _chance = chance;
    }

    /// <summary>The series of an event, with the event counted in it.</summary>
    public EventSeries Add(ClusterEvent happened, DateTimeOffset now)
    {
        Forget(now);
        var reason = ReasonKey(happened);
        var key = $"{reason}\n{happened.Message}";
        if (!_series.ContainsKey(key) && _messages.GetValueOrDefault(reason) >= MessagesOfOneReason)
            (key, happened) = (reason, happened with { Message = CombinedPrefix + happened.Message });
        if (!_series.TryGetValue(key, out var series))
        {
            _series[key] = series = new EventSeries(happened, NewName(happened.Subject.Name), now);
            if (key != reason) _messages[reason] = _messages.GetValueOrDefault(reason) + 1;
        }

        series.Add(happened, now);
        return series;
    }

    /// <summary>A name that no other Event has.</summary>
    public string NewName(string subject) => $"{subject}.{_chance.NextInt64(1L << 32, long.MaxValue):x}";

    private static string ReasonKey(ClusterEvent happened)
    {
        var subject = happened.Subject;
        return string.Join('\n', subject.Kind, subject.NamespaceProperty, subject.Name, subject.Uid, happened.Severity, happened.Reason);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, series) in _series)
        {
            if (!series.IsDue && now - series.Last > Window) Remove(key, series);
        }

        if (_series.Count < MostSeries) return;
        var (oldest, silent) = _series.MinBy(entry => (entry.Value.IsDue, entry.Value.Last));
        Remove(oldest, silent);
    }

    private void Remove(string key, EventSeries series)
    {
        _series.Remove(key);
        var reason = ReasonKey(series.Latest);
        if (key == reason) return;
        if (--_messages[reason] == 0) _messages.Remove(reason);
    }
}
