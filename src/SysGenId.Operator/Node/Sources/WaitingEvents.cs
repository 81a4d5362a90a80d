namespace SysGenId.Operator.Node.Sources;

/// <summary>
/// Reports whose bump has to wait, one of each source: nobody has seen anything of those before the last, so that one bump is
/// the answer to all of them. Loop thread only.
/// </summary>
internal sealed class WaitingEvents(SourceMarks marks)
{
    private readonly List<MachineEvent> _reports = [];

    /// <summary>Whether one of this source waits.</summary>
    public bool Has(string source) => _reports.Exists(report => report.Source == source);

    /// <summary>Lets one wait; the source's mark stays where it is until its bump.</summary>
    public void Add(MachineEvent report)
    {
        marks.Hold(report.Source);
        var index = _reports.FindIndex(earlier => earlier.Source == report.Source);
        if (index < 0) _reports.Add(report);
        else _reports[index] = Together(_reports[index], report);
    }

    /// <summary>Takes out the one that is next, what is certain first; null when there is none.</summary>
    public MachineEvent? Next(bool canBeSuspicion)
    {
        var index = _reports.FindIndex(report => !IsSuspicion(report));
        if (index < 0 && canBeSuspicion && _reports.Count > 0) index = 0;
        if (index < 0) return null;
        var next = _reports[index];
        _reports.RemoveAt(index);
        return next;
    }

    /// <summary>Takes out all that are only suspected.</summary>
    public IReadOnlyList<MachineEvent> TakeSuspicions()
    {
        if (_reports.Count == 0) return [];
        var suspicions = _reports.FindAll(IsSuspicion);
        _reports.RemoveAll(IsSuspicion);
        return suspicions;
    }

    private static bool IsSuspicion(MachineEvent report) => report.Kind == MachineEventKind.Suspected;

    // Every promise of the earlier one is kept: its minimum, its certainty, and that it is called back.
    private static MachineEvent Together(MachineEvent earlier, MachineEvent later) => later with
    {
        Kind = IsSuspicion(later) ? earlier.Kind : later.Kind,
        Message = IsSuspicion(later) ? earlier.Message : later.Message,
        Mark = later.Mark ?? earlier.Mark,
        Minimum = earlier.Minimum is { } least && !(later.Minimum > least) ? least : later.Minimum,
        Published = earlier.Published + later.Published,
    };
}
