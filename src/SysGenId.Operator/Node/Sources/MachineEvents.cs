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
///                                    |--- Suspected -- at most one a minute -\
///                                    '--- Restored --- joins a young bump? ---> NodeWideBumps -> Publications -> source
/// </code>
/// </summary>
internal sealed class MachineEvents : IMachineEvents
{
    /// <summary>Between two bumps on suspicion: they are needless as a rule, and each costs every program of the node something.</summary>
    public static readonly TimeSpan SuspicionPace = TimeSpan.FromMinutes(1);

    // A bump that found no number under the stored ceiling is tried again: each try writes the state.
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(5);

    private readonly EventLoop _loop;
    private readonly NodeWideBumps _bumps;
    private readonly GenerationPublisher _publisher;
    private readonly Publications _publications;
    private readonly SourceMarks _marks;
    private readonly bool _bumpsOnDisruption;
    private readonly NodeJournal _journal;
    private readonly ILogger _log;
    private readonly EventMerge _merge;
    private readonly Queue<MachineEvent> _unmade = [];
    private LoopTimer? _pause;
    private MachineEvent? _suspicion;

    public MachineEvents(
        EventLoop loop, NodeWideBumps bumps, GenerationPublisher publisher, Publications publications, SourceMarks marks,
        SourceOptions options, NodeJournal journal, ILogger log)
    {
        (_loop, _bumps, _publisher, _publications, _marks, _journal, _log) = (loop, bumps, publisher, publications, marks, journal, log);
        _bumpsOnDisruption = options.BumpsOnDisruption;
        _merge = new EventMerge(loop.Clock);
    }

    public void Follow(string mark, ulong place)
    {
        _marks.Set(mark, place);
        _publisher.RecordSoon();
    }

    public void Report(MachineEvent report)
    {
        if (report.Kind == MachineEventKind.Disrupted && !_bumpsOnDisruption) Record(report);
        else if (report.Kind == MachineEventKind.Suspected && _pause is not null) _suspicion = report;
        else Take(report);

        // Only now, when the sidecars are at work: the first line of its kind keeps the compiler busy for longer than all of them.
        _log.MachineEventNoticed(report.Source, report.Kind, report.Message);
        _journal.Reported(report.Source, report.Kind);
    }

    private void Take(MachineEvent report)
    {
        if (_merge.Join(report.Source, report.Lateness) is { } joined) Join(joined, report);
        else Bump(report);
    }

    // The minimum of one that joins is another matter: a number below it must not stay.
    private void Join(Guid joined, MachineEvent report)
    {
        _publisher.Node.Corroborate(joined, report.Source, isCertain: report.Kind != MachineEventKind.Suspected, report.Message);
        if (report.Minimum > _publisher.Node.Current.Generation) Bump(report);
        else Made(_publisher.Node.Current, report);
    }

    private void Bump(MachineEvent report)
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
            return;
        }

        // What was suspected before is answered with this.
        _suspicion = null;
        _merge.Opened(change.Id, report.Source);
        if (change.IsSuspected) Pause();
        Made(change, report);
    }

    // What was read before the change was stored would be read, and bumped, again: nobody is held, so it is stored at once.
    private void Made(GenerationChange change, MachineEvent report)
    {
        if (report.Mark is { } mark) _marks.Set(report.Source, mark);
        _publisher.Record();
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

    // At the end of the pause the last suspicion that came meanwhile stands for all of them.
    private void Pause() => _pause = _loop.After(SuspicionPace, () =>
    {
        (_pause, var late) = (null, _suspicion);
        _suspicion = null;
        if (late is not null) Take(late);
    });

    private void TryLater(MachineEvent report)
    {
        // Of the last number there is nothing after: the journal says so.
        if (_publisher.Node.Current.Generation == uint.MaxValue) return;
        _unmade.Enqueue(report);
        if (_unmade.Count == 1) _loop.After(_retryAfter, Retry);
    }

    private void Retry()
    {
        var reports = _unmade.ToArray();
        _unmade.Clear();
        foreach (var report in reports) Take(report);
    }
}
