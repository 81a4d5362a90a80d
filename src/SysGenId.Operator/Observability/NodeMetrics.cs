using Prometheus;
using SysGenId.Core.Generations;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Observability;

/// <summary>
/// What the agent counts as it happens. Every series exists from the start, so that a call on the loop's thread is
/// an interlocked addition: no look-up, no allocation, no lock. Reports about the machine, which are rare, are looked up.
/// </summary>
internal sealed class NodeMetrics : INodeMetrics
{
    // From a publication to nobody to the longest publish timeout there can be.
    private static readonly double[] _buckets =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Counter.Child[] _bumps;
    private readonly Counter.Child?[] _sourcesOfBumps;
    private readonly Counter.Child _otherBumps;
    private readonly Counter.Child[] _restores;
    private readonly Counter.Child _recorded;
    private readonly Counter.Child _failed;
    private readonly Histogram _publications;
    private readonly Dictionary<(string, MachineEventKind), Counter.Child> _events;
    private readonly Histogram _sourcePublications;

    public NodeMetrics(MetricSet metrics)
    {
        var bumps = metrics.Counter(MetricNames.Bumps, "Times the node's generation moved, by cause.", "cause");
        _bumps = [.. Causes().Select(cause => bumps.WithLabels(cause.Name()))];
        _otherBumps = bumps.WithLabels(GenerationCause.Unknown.Name());
        var restores = metrics.Counter(MetricNames.Restores, "Restores of checkpoints of ours, by outcome.", "outcome");
        _restores = [.. Enum.GetValues<RestoreOutcome>().Select(outcome => restores.WithLabels(Label(outcome)))];
        var checkpoints = metrics.Counter(MetricNames.Checkpoints, "Checkpoints of containers of ours, by outcome.", "outcome");
        (_recorded, _failed) = (checkpoints.WithLabels("recorded"), checkpoints.WithLabels("failed"));
        _publications = metrics.Histogram(
            MetricNames.PublishDuration,
            "Time from the hook's request to its answer, of restores that were published.",
            _buckets);
        var events = metrics.Counter(MetricNames.SourceEvents, "Events that sources reported, by source and kind.", "source", "kind");
        _events = SourceKinds().ToDictionary(key => key, key => events.WithLabels(key.Source, Label(key.Kind)));
        _sourcesOfBumps = [.. Causes().Select(cause => SourceNames.Of(cause) is [var source] ? _events[(source, MachineEventKind.Restored)] : null)];
        _sourcePublications = metrics.Histogram(
            MetricNames.SourcePublishDuration,
            "Time from the notice of a restore of the machine to the last answer of a connected sidecar.",
            _buckets);
    }

    public void Bumped(GenerationCause cause)
    {
        var index = (int)cause - 1;
        if (index < 0 || index >= _bumps.Length)
        {
            _otherBumps.Inc();
            return;
        }

        _bumps[index].Inc();
        _sourcesOfBumps[index]?.Inc();
    }

    public void Restored(RestoreOutcome outcome, TimeSpan elapsed)
    {
        _restores[(int)outcome].Inc();
        if (outcome == RestoreOutcome.Published) _publications.Observe(elapsed.TotalSeconds);
    }

    public void Reported(string source, MachineEventKind kind) => _events[(source, kind)].Inc();

    public void MachineEventPublished(TimeSpan elapsed) => _sourcePublications.Observe(elapsed.TotalSeconds);

    public void Checkpointed(bool isRecorded) => (isRecorded ? _recorded : _failed).Inc();

    // Those that move a generation, in the order of their numbers from 1 on.
    private static IEnumerable<GenerationCause> Causes() =>
        Enum.GetValues<GenerationCause>().Where(cause => cause is not (GenerationCause.None or GenerationCause.Unknown)).Order();

    // CRIU and people are always sure.
    private static IEnumerable<(string Source, MachineEventKind Kind)> SourceKinds() =>
        from source in SourceNames.All
        from kind in Enum.GetValues<MachineEventKind>()
        where kind == MachineEventKind.Restored || source is not (SourceNames.Criu or SourceNames.Manual)
        select (source, kind);

    private static string Label(MachineEventKind kind) => kind.ToString().ToLowerInvariant();

    private static string Label(RestoreOutcome outcome) => outcome switch
    {
        RestoreOutcome.Published => "published",
        RestoreOutcome.Refused => "refused",
        RestoreOutcome.Ignored => "ignored",
        RestoreOutcome.Missed => "missed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
