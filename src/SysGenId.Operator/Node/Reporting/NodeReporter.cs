using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>
/// The agent's dealings with the API server: its object, what that asks, its status, Events, and the label of its node.
/// <code>
/// watch of the object, the node, its pods -\
/// agent, through its port                 --> wake -> one round: object -> spec -> lineage -> Events -> label -> status -> at least 1 s
/// </code>
/// The agent goes on whatever becomes of this; what was missed meanwhile is made up for by the next round that succeeds.
/// </summary>
internal sealed class NodeReporter
{
    private const string LoopName = "report";

    /// <summary>Between two rounds that wrote something: at most one write of the status a second, and never in step with others.</summary>
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(1);
    private const double MostJitter = 0.25;

    private static readonly TimeSpan _firstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(30);

    private readonly string _name;
    private readonly string? _installation;
    private readonly NodePort _port;
    private readonly PodDirectory _pods;
    private readonly ObjectWatch<SystemGeneration> _objectWatch;
    private readonly ObjectWatch<V1Node> _nodeWatch;
    private readonly ObjectWatch<V1Pod> _podWatch;
    private readonly OwnObject _object;
    private readonly Lineage _lineage;
    private readonly LineageKeeper _lineageKeeper;
    private readonly GateLabel _label;
    private readonly EventRecorder _recorder;
    private readonly NodeEvents _events;
    private readonly IReconcileMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly Random _chance;
    private readonly BackOff _backOff;
    private readonly ILogger _log;
    private readonly Wake _wake = new();

    private NodeSpec _inForce = new();
    private long? _observedGeneration;
    private long? _complainedAbout;
    private bool _isSpecKnown;
    private bool _isNodeMissed;
    private bool _isFailing;
    private bool _isOvertaken;

    public NodeReporter(
        ClusterConnection cluster,
        string nodeName,
        NodePort port,
        PodDirectory pods,
        IReconcileMetrics metrics,
        TimeProvider clock,
        Random chance,
        ILogger log,
        string? installation = null,
        LineageOptions? lineage = null)
    {
        (_name, _installation, _port, _pods, _metrics, _clock, _chance, _log) = (nodeName, installation, port, pods, metrics, clock, chance, log);
        _objectWatch = new ObjectWatch<SystemGeneration>(cluster, new ObjectSelection { Name = nodeName }, clock, chance, log);
        _nodeWatch = new ObjectWatch<V1Node>(cluster, new ObjectSelection { Name = nodeName }, clock, chance, log);
        _podWatch = new ObjectWatch<V1Pod>(cluster, new ObjectSelection { FieldSelector = $"spec.nodeName={nodeName}" }, clock, chance, log);
        _object = new OwnObject(cluster, nodeName, log);
        _label = new GateLabel(cluster, log);
        _recorder = new EventRecorder(cluster, ApiNames.AgentManager, nodeName, clock, chance, log);
        _events = new NodeEvents(nodeName, pods, _recorder);
        _lineage = new Lineage(lineage ?? new LineageOptions(), clock, chance);
        _lineageKeeper = new LineageKeeper(nodeName, port, _object, _lineage, _events, _recorder, log);
        _backOff = new BackOff(_firstWait, _longestWait, clock, chance);
    }

    /// <summary>Whether nobody else reports as this node; null while this agent has not reported yet. Thread-safe.</summary>
    public bool? IsNodeUnique => _object.HasReported ? _lineage.Conflict is null : null;

    /// <summary>Reports until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Listen();
        var alarm = _clock.CreateTimer(_ => _wake.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var _ = alarm.ConfigureAwait(false);
        var watches = Task.WhenAll(_objectWatch.RunAsync(stop), _nodeWatch.RunAsync(stop), _podWatch.RunAsync(stop), _recorder.RunAsync(stop));
        try
        {
            await Task.WhenAll(_objectWatch.Synced, _nodeWatch.Synced).WaitAsync(stop).ConfigureAwait(false);
            _log.Reporting(_name);
            while (true)
            {
                await _wake.WaitAsync(stop).ConfigureAwait(false);
                await RoundAsync(stop).ConfigureAwait(false);
                alarm.Change(_lineage.NextLook ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to end, or the agent has.
        }

        await watches.ConfigureAwait(false);
    }

    private void Listen()
    {
        _objectWatch.Changed += change =>
        {
            _object.Take(change);
            _wake.Set();
        };
        _nodeWatch.Changed += _ => _wake.Set();
        _podWatch.Changed += _pods.Take;
        _pods.Changed += _wake.Set;
        _port.Changed += _wake.Set;
        _wake.Set();
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        ApiFault fault;
        try
        {
            var isChanged = await ReconcileAsync(stop).ConfigureAwait(false);
            Succeeded(isChanged ? ReconcileResult.Changed : ReconcileResult.Unchanged);
            if (!isChanged) return;
            _recorder.CountOtherWrite();
            await Task.Delay(_pace * (1 + (MostJitter * _chance.NextDouble())), _clock, stop).ConfigureAwait(false);
            return;
        }
        catch (Exception mistake) when (ApiFault.Of(mistake, stop) is { } found)
        {
            fault = found;
        }
        catch (Exception mistake) when (mistake is not OperationCanceledException)
        {
            // Whatever the server answered, or a bug of ours: the node is served on, and somebody may mend it meanwhile.
            _log.ReportBroken(mistake);
            fault = new ApiFault(null, "Unexpected", mistake.Message, null);
        }

        // It was deleted a moment ago; the watch says so soon, and the next round makes it again.
        if (fault.IsNotFound) _object.Forget();
        if (fault.IsConflict) _object.Overtaken();
        _metrics.Reconciled(LoopName, fault.IsConflict ? ReconcileResult.Conflict : ReconcileResult.Failed);
        var wait = _backOff.Next(fault.RetryAfter);

        // Somebody else wrote at the same time: no news unless it goes on.
        var isNews = !fault.IsConflict || _isOvertaken;
        if (isNews && !_isFailing) _log.ReportFailed(fault.Reason, (long)wait.TotalMilliseconds, fault.Message);
        (_isFailing, _isOvertaken) = (_isFailing || isNews, fault.IsConflict);
        await Task.Delay(wait, _clock, stop).ConfigureAwait(false);
        _wake.Set();
    }

    private void Succeeded(ReconcileResult result)
    {
        _metrics.Reconciled(LoopName, result);
        _backOff.Reset();
        if (_isFailing) _log.ReportWorksAgain();
        (_isFailing, _isOvertaken) = (false, false);
    }

    // Whether something was written.
    private async Task<bool> ReconcileAsync(CancellationToken stop)
    {
        var node = _nodeWatch.Objects.GetValueOrDefault(_name);
        if (node is null)
        {
            if (!_isNodeMissed) _log.NodeUnknown(_name);
            _isNodeMissed = true;
            return false;
        }

        _isNodeMissed = false;
        var isChanged = await _object.EnsureAsync(node, stop).ConfigureAwait(false);
        if (_object.Latest is not { } present) return isChanged;
        await DoWhatIsAskedAsync(present, stop).ConfigureAwait(false);
        await _lineageKeeper.LookAsync(present, stop).ConfigureAwait(false);

        var report = await _port.ReportAsync(stop).ConfigureAwait(false);
        foreach (var occurrence in report.Occurrences) _events.Tell(occurrence);
        // Nothing is promised in the name of two.
        isChanged |= await _label.KeepAsync(node, report.Node, mayPromise: _lineage.Conflict is null, stop).ConfigureAwait(false);
        if (!_lineage.MayWrite) return isChanged;
        var status = StatusComposer.Compose(
            new StatusInputs(report.Node, _observedGeneration, present.Status, _pods, _clock.GetUtcNow(), _lineage.Conflict));
        if (!await _object.ReportAsync(status, present, stop).ConfigureAwait(false)) return isChanged;
        _lineage.Wrote();
        return true;
    }

    private async Task DoWhatIsAskedAsync(SystemGeneration present, CancellationToken stop)
    {
        // Before the first report: what it says of this node may be more than what the node still knows.
        if (!_object.HasReported && present.Status?.Generation is >= 0 and <= uint.MaxValue and var known)
        {
            var name = Guid.TryParse(present.Status.GenerationId, out var id) ? id : (Guid?)null;
            Complain(await _port.GoAboveAsync((uint)known, name, stop).ConfigureAwait(false));
        }

        var (spec, faults) = SpecReader.Read(present, _inForce, _installation);
        var isDone = (_isSpecKnown && spec == _inForce) || Complain(await _port.ApplyAsync(spec, stop).ConfigureAwait(false));

        // A minimum that could not be reached, for want of numbers or of a disk, is asked for again in the next round.
        (_inForce, _isSpecKnown) = (isDone ? spec : spec with { MinimumGeneration = null }, true);
        if (faults.Count > 0) Refuse(present, string.Join(' ', faults));
        else if (isDone) _observedGeneration = present.Metadata.Generation;
    }

    // Whether there is nothing to complain of.
    private bool Complain(string? fault)
    {
        if (fault is not null) _log.SpecNotDone(_name, fault);
        return fault is null;
    }

    // Once for each version of the spec.
    private void Refuse(SystemGeneration present, string faults)
    {
        if (_complainedAbout == present.Metadata.Generation) return;
        _complainedAbout = present.Metadata.Generation;
        _log.SpecRefused(_name, faults);
        var message = $"{faults} What was in force before stays.";
        _recorder.Record(new ClusterEvent(EventSubject.Of(present), EventSeverity.Warning, OccurrenceReasons.InvalidSpec, message));
        _events.Tell(new Occurrence(OccurrenceReasons.InvalidSpec, IsWarning: true, message, PodUid: null));
    }
}
