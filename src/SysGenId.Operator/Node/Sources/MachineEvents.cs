using Microsoft.Extensions.Logging;
using SysGenId.Core.Generations;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Sources;

/// <summary>
/// Makes changes of the node's generation of what sources report about its machine. Loop thread only.
/// <code>
/// kernel log, vmclock, device --> Report -- Disrupted ------------------------> history
///                                    '--- joins a young bump, or else
///                                         Suspected -- at most one a minute --\
///                                         Restored ----------------------------> NodeWideBumps -> Publications -> source
/// </code>
/// </summary>
internal sealed class MachineEvents : IMachineEvents
{
    /// <summary>Between two bumps on suspicion: they are needless as a rule, and each costs every program of the node something.</summary>
    public static readonly TimeSpan SuspicionPace = TimeSpan.FromMinutes(1);

    // A bump that found no number under the stored ceiling is tried again: each try writes the state.
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _logAfter = TimeSpan.FromMilliseconds(20);

    private readonly EventLoop _loop;
    private readonly NodeWideBumps _bumps;
    private readonly GenerationPublisher _publisher;
    private readonly Publications _publications;
    private readonly SourceMarks _marks;
    private readonly bool _bumpsOnDisruption;
    private readonly NodeJournal _journal;
    private readonly ILogger _log;
    private readonly EventMerge _merge;
    private readonly WaitingEvents _waiting;
    private LoopTimer? _pause;
    private LoopTimer? _retry;

    public MachineEvents(
        EventLoop loop, NodeWideBumps bumps, GenerationPublisher publisher, Publications publications, SourceMarks marks,
        SourceOptions options, NodeJournal journal, ILogger log)
    {
        (_loop, _bumps, _publisher, _publications, _marks, _journal, _log) = (loop, bumps, publisher, publications, marks, journal, log);
        _bumpsOnDisruption = options.BumpsOnDisruption;
        (_merge, _waiting) = (new EventMerge(loop.Clock), new WaitingEvents(marks));
    }

    public void Follow(string mark, ulong place)
    {
        _marks.Set(mark, place);
        _publisher.RecordSoon();
    }

    public void Report(MachineEvent report)
    {
        if (report.Kind == MachineEventKind.Disrupted && !_bumpsOnDisruption) Record(report);
        else Take(report);

        // Only when the sidecars have answered: the first line of its kind keeps the compiler busy for longer than all of them.
        _journal.Reported(report.Source, report.Kind);
        _loop.After(_logAfter, () => _log.MachineEventNoticed(report.Source, report.Kind, report.Message));
    }

    // Of a source whose suspicion waits nothing joins what was before it: the bump for the one is the answer to the other.
    private void Take(MachineEvent report)
    {
        if (!_waiting.Has(report.Source) && _merge.Join(report.Source, report.Lateness) is { } joined) Join(joined, report);
        else if (_retry is not null || (report.Kind == MachineEventKind.Suspected && _pause is not null)) _waiting.Add(report);
        else if (TryBump(report) is { } change) _merge.Opened(change.Id, report.Source);
    }

    // The minimum of one that joins is another matter: a number below it must not stay. It is still the same event.
    private void Join(Guid joined, MachineEvent report)
    {
        _publisher.Node.Corroborate(joined, report.Source, isCertain: report.Kind != MachineEventKind.Suspected, report.Message);
        if (report.Minimum > _publisher.Node.Current.Generation) TryBump(report);
        else Made(_publisher.Node.Current, report);
    }

    private GenerationChange? TryBump(MachineEvent report)
    {
        var draft = _publisher.Draft(GenerationCause.VirtualMachineRestored) with
        {
            Minimum = report.Minimum,
            Message = report.Message,
            Sources = [report.Source],
            IsSuspected = report.Kind == MachineEventKind.Suspected,
        };
        if (_bumps.TryBump(draft, out var failure) is not { } change)
        {
            _log.MachineEventNotBumped(report.Source, failure!.Text!);
            TryLater(report);
            return null;
        }

        // What was suspected before is answered with this.
        foreach (var answered in _waiting.TakeSuspicions()) Made(change, answered with { NoticedAt = report.NoticedAt });
        if (change.IsSuspected) Pause();
        Made(change, report);
        return change;
    }

    // What was read before the change was stored would be read, and bumped, again: nobody is held, so it is stored at once.
    private void Made(GenerationChange change, MachineEvent report)
    {
        _marks.Take(report.Source, report.Mark);
        _publisher.Store();
        _publications.Follow(change, report.NoticedAt, report.Published);
    }

    private void Record(MachineEvent report)
    {
        _publisher.Node.Remember(_publisher.Draft(GenerationCause.VirtualMachineRestored) with
        {
            Generation = _publisher.Node.Current.Generation,
            Outcome = ChangeOutcome.Recorded,
            Message = report.Message,
            Sources = [report.Source],
        });
        if (report.Mark is { } mark) _marks.Set(report.Source, mark);
        _journal.Disrupted(report.Message);
        _publisher.RecordSoon();
    }

    // At its end what was suspected meanwhile is one bump, and another pause.
    private void Pause()
    {
        _pause?.Cancel();
        _pause = _loop.After(SuspicionPace, () =>
        {
            _pause = null;
            TakeWaiting();
        });
    }

    private void TryLater(MachineEvent report)
    {
        // Of the last number there is nothing after: the journal says so.
        if (_publisher.Node.Current.Generation == uint.MaxValue) return;
        _waiting.Add(report);
        _retry ??= _loop.After(_retryAfter, () =>
        {
            _retry = null;
            TakeWaiting();
        });
    }

    // What waited on purpose is not what it took to publish it.
    private void TakeWaiting()
    {
        while (_retry is null && _waiting.Next(canBeSuspicion: _pause is null) is { } report) Take(report with { NoticedAt = _loop.Clock.GetTimestamp() });
    }
}
