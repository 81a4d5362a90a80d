using System.Threading.Channels;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Cluster;

/// <summary>
/// Writes Events to the API server, in the background. While the server is away they wait, at most <see cref="Waiting"/> of
/// them; the same event again is counted on the one that is there (<see cref="EventSeriesBook"/>).
/// </summary>
internal sealed class EventRecorder : IEventRecorder
{
    /// <summary>Events that wait to be taken in; when there are more, the newest is dropped, and logged.</summary>
    public const int Waiting = 256;

    /// <summary>Where Events of objects without a namespace are, by custom.</summary>
    private const string NamespaceOfTheOthers = "default";

    private const int LongestMessage = 1024;

    /// <summary>
    /// After a burst, writes go out no closer than this on the average, those that <see cref="CountOtherWrite"/> was told of
    /// included: a storm of restores is no storm of writes, and a process whose own writes take their second stays below one
    /// a second in all.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.1);

    /// <summary>What two restores of a pod tell, its node and the pod each, and one more.</summary>
    private const int Burst = 5;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>What is left when the process ends has this long to be written.</summary>
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(2);

    private readonly Channel<(ClusterEvent Event, DateTimeOffset At)> _happened;
    private readonly Queue<EventSeries> _due = new();
    private readonly EventSeriesBook _book;
    private readonly ClusterConnection _cluster;
    private readonly V1EventSource _source;
    private readonly TimeProvider _clock;
    private readonly BackOff _backOff;
    private readonly ILogger _log;
    private double _allowed = Burst;
    private long _allowedAt;
    private int _otherWrites;
    private int _dropped;

    /// <param name="cluster">The connection.</param>
    /// <param name="component">Who tells it: <c>sysgenid-agent</c> or <c>sysgenid-controller</c>.</param>
    /// <param name="host">The node or pod it runs on.</param>
    /// <param name="clock">Times of events, pace and waits.</param>
    /// <param name="chance">Names of Events, and jitter.</param>
    /// <param name="log">Where drops and refusals go.</param>
    public EventRecorder(ClusterConnection cluster, string component, string host, TimeProvider clock, Random chance, ILogger log)
    {
        (_cluster, _clock, _log) = (cluster, clock, log);
        _source = new V1EventSource { Component = component, Host = host };
        _book = new EventSeriesBook(chance);
        _backOff = new BackOff(FirstWait, LongestWait, clock, chance);
        _allowedAt = clock.GetTimestamp();
        _happened = Channel.CreateBounded<(ClusterEvent, DateTimeOffset)>(
            new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite }, dropped => Drop(dropped.Item1));
    }

    /// <inheritdoc/>
    public void Record(ClusterEvent happened) => _happened.Writer.TryWrite((happened, _clock.GetUtcNow()));

    /// <summary>Somebody else of this process wrote something: Events make way for it.</summary>
    public void CountOtherWrite() => Interlocked.Increment(ref _otherWrites);

    /// <summary>Writes until the token is cancelled, and then for a moment what is left. Call it once.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await _happened.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
                await WriteAllAsync(isPaced: true, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            using var end = new CancellationTokenSource(LastChance, _clock);
            await FinishAsync(end.Token).ConfigureAwait(false);
        }
    }

    private async Task FinishAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAllAsync(isPaced: false, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            TakeIn();
            foreach (var series in _due) Drop(series.Latest);
        }
    }

    private async Task WriteAllAsync(bool isPaced, CancellationToken cancellation)
    {
        for (TakeIn(); _due.Count > 0; TakeIn())
        {
            if (isPaced) await PaceAsync(cancellation).ConfigureAwait(false);
            TakeIn();
            await WriteAsync(_due.Peek(), cancellation).ConfigureAwait(false);
            _due.Dequeue();
        }
    }

    /// <summary>Takes in all that happened since; what repeats is counted while it waits in line.</summary>
    private void TakeIn()
    {
        while (_happened.Reader.TryRead(out var happened))
        {
            var series = _book.Add(happened.Event, happened.At);
            if (series.IsDue) continue;
            if (_due.Count >= Waiting)
            {
                Drop(happened.Event);
                continue;
            }

            series.IsDue = true;
            _due.Enqueue(series);
        }
    }

    private async Task PaceAsync(CancellationToken cancellation)
    {
        while (Allowed() is var allowed && allowed < 1) await Task.Delay(Pace * (1 - allowed), _clock, cancellation).ConfigureAwait(false);
        _allowed--;
    }

    /// <summary>How many writes may go out now; it grows by one with each pace and shrinks with what others wrote.</summary>
    private double Allowed()
    {
        var grown = _allowed + (_clock.GetElapsedTime(_allowedAt) / Pace);
        _allowedAt = _clock.GetTimestamp();
        // What others write for long does not silence us for longer.
        return _allowed = Math.Max(0, Math.Min(Burst, grown) - Interlocked.Exchange(ref _otherWrites, 0));
    }

    private async Task WriteAsync(EventSeries series, CancellationToken cancellation)
    {
        while (true)
        {
            series.IsDue = false; // What happens from here on is written again.
            try
            {
                await SendAsync(series, cancellation).ConfigureAwait(false);
                series.IsWritten = true;
                _backOff.Reset();
                return;
            }
            catch (Exception e) when (ApiFault.Of(e, cancellation) is { } fault)
            {
                if (series.IsWritten && fault.IsNotFound)
                {
                    // The server forgets Events after an hour.
                    series.IsWritten = false;
                    series.Name = _book.NewName(series.Latest.Subject.Name);
                }
                else if (!fault.IsTransient)
                {
                    _log.EventRefused(series.Latest.Reason, fault.Message);
                    return;
                }
                else
                {
                    series.IsDue = true;
                    _log.EventDelayed(series.Latest.Reason, fault.Message);
                    await _backOff.WaitAsync(fault.RetryAfter, cancellation).ConfigureAwait(false);
                    TakeIn();
                }
            }
        }
    }

    private Task<Corev1Event> SendAsync(EventSeries series, CancellationToken cancellation)
    {
        var inNamespace = NamespaceOf(series);
        if (!series.IsWritten)
            return _cluster.SendAsync<Corev1Event>(HttpMethod.Post, ResourceAddress.Collection<Corev1Event>(inNamespace), Whole(series, inNamespace), cancellation);
        var path = ResourceAddress.Object<Corev1Event>(inNamespace, series.Name);
        var again = new { count = series.Count, message = Message(series), lastTimestamp = series.Last.UtcDateTime };
        return _cluster.SendAsync<Corev1Event>(HttpMethod.Patch, path, new V1Patch(again, V1Patch.PatchType.MergePatch), cancellation);
    }

    private Corev1Event Whole(EventSeries series, string inNamespace) => new()
    {
        ApiVersion = "v1",
        Kind = Corev1Event.KubeKind,
        Metadata = new V1ObjectMeta { Name = series.Name, NamespaceProperty = inNamespace },
        InvolvedObject = series.Latest.Subject,
        Type = series.Latest.Severity.ToString(),
        Reason = series.Latest.Reason,
        Message = Message(series),
        Source = _source,
        ReportingComponent = _source.Component,
        ReportingInstance = _source.Host,
        FirstTimestamp = series.First.UtcDateTime,
        LastTimestamp = series.Last.UtcDateTime,
        Count = series.Count,
    };

    private static string NamespaceOf(EventSeries series) =>
        string.IsNullOrEmpty(series.Latest.Subject.NamespaceProperty) ? NamespaceOfTheOthers : series.Latest.Subject.NamespaceProperty;

    private static string Message(EventSeries series) =>
        series.Latest.Message.Length <= LongestMessage ? series.Latest.Message : series.Latest.Message[..LongestMessage];

    private void Drop(ClusterEvent lost) => _log.EventsDropped(Interlocked.Increment(ref _dropped), lost.Reason, lost.Message);
}
