using SysGenId.Core.Watchers;

namespace SysGenId.Core.Tests.Watchers;

/// <summary>
/// The contract of the registry said as naively as possible: a flag for everybody, no sums kept, no comparison of
/// generations. What the registry answers must be what this answers.
/// </summary>
internal sealed class RegistryModel(uint generation)
{
    private readonly List<ModelWatcher> _watchers = [];
    private readonly List<ModelWait> _waits = [];
    private readonly Queue<ModelWait> _ended = [];

    // Which container's place is taken first is not promised; the same collection makes the same choice.
    private readonly Dictionary<string, ModelGroup> _expected = [];
    private uint _generation = generation;

    public string Apply(RegistryOperation operation)
    {
        switch (operation.Kind)
        {
            case RegistryOperationKind.Open:
                _watchers.Add(new ModelWatcher());
                return "";
            case RegistryOperationKind.Close:
                if (At(_watchers, operation) is { } closed) closed.IsOpen = false;
                EndSatisfied();
                return "";
            case RegistryOperationKind.Bump: return Bump(operation.Value) ? "bumped" : "refused";
            case RegistryOperationKind.Acknowledge: return At(_watchers, operation) is { } watcher ? Acknowledge(watcher, operation.Value) : "";
            case RegistryOperationKind.Expect:
                _expected.Remove(operation.Container);
                if (operation.Count > 0) _expected[operation.Container] = new ModelGroup(operation.Count, operation.Handled != _generation);
                EndSatisfied();
                return "";
            case RegistryOperationKind.Forget:
                _expected.Remove(operation.Container);
                EndSatisfied();
                return "";
            case RegistryOperationKind.BeginWait: return BeginWait(operation.Handled);
            case RegistryOperationKind.EndWait:
                if (At(_waits, operation) is { Outcome: WaitOutcome.Pending } wait) wait.Outcome = WaitOutcome.TimedOut;
                return "";
            default: return _ended.TryDequeue(out var ended) ? $"{_waits.IndexOf(ended)} {ended.Outcome}" : "none";
        }
    }

    public string Describe()
    {
        var watchers = string.Join(',', _watchers.Select(watcher => watcher.IsOpen && watcher.IsOutdated));
        var waits = string.Join(',', _waits.Select(wait => wait.Outcome));
        return $"{new WatcherCounts(_generation, Watchers, Outdated, Expected)} {watchers} {waits}";
    }

    private int Expected => _expected.Values.Sum(group => group.Count);

    private int Watchers => _watchers.Count(watcher => watcher.IsOpen) + Expected;

    private int Outdated =>
        _watchers.Count(watcher => watcher is { IsOpen: true, IsOutdated: true })
        + _expected.Values.Where(group => group.IsOutdated).Sum(group => group.Count);

    private static T? At<T>(List<T> list, RegistryOperation operation)
        where T : class => list.Count == 0 ? null : list[operation.Index % list.Count];

    private bool Bump(uint minimum)
    {
        if (_generation == uint.MaxValue) return false;
        _generation = (uint)Math.Max(minimum, _generation + 1UL);
        foreach (var watcher in _watchers) watcher.IsOutdated = true;
        foreach (var group in _expected.Values) group.IsOutdated = true;
        End(WaitOutcome.Interrupted);
        return true;
    }

    private string Acknowledge(ModelWatcher watcher, uint value)
    {
        if (!watcher.IsOpen) return nameof(AckOutcome.Closed);
        var isCurrent = value == _generation;
        if (!watcher.HasSpoken)
        {
            watcher.IsOutdated = !isCurrent;
            TakePlace(watcher.IsOutdated);
        }

        watcher.HasSpoken = true;
        if (isCurrent) watcher.IsOutdated = false;
        EndSatisfied();
        return isCurrent ? nameof(AckOutcome.Acknowledged) : nameof(AckOutcome.NotCurrent);
    }

    private void TakePlace(bool isOutdated)
    {
        if (_expected.Count == 0) return;
        var (container, group) = _expected.OrderBy(entry => entry.Value.IsOutdated == isOutdated ? 0 : 1).First();
        if (--group.Count == 0) _expected.Remove(container);
    }

    private string BeginWait(uint? handled)
    {
        var outcome = handled is not null && handled != _generation ? WaitOutcome.Interrupted
            : Outdated == 0 ? WaitOutcome.UpToDate
            : WaitOutcome.Pending;
        _waits.Add(new ModelWait { Outcome = outcome });
        return $"{outcome}";
    }

    private void EndSatisfied()
    {
        if (Outdated == 0) End(WaitOutcome.UpToDate);
    }

    private void End(WaitOutcome outcome)
    {
        foreach (var wait in _waits.Where(wait => wait.Outcome == WaitOutcome.Pending))
        {
            wait.Outcome = outcome;
            _ended.Enqueue(wait);
        }
    }

    private sealed class ModelWatcher
    {
        public bool IsOpen { get; set; } = true;

        public bool HasSpoken { get; set; }

        public bool IsOutdated { get; set; }
    }

    private sealed class ModelWait
    {
        public WaitOutcome Outcome { get; set; }
    }

    private sealed class ModelGroup(int count, bool isOutdated)
    {
        public int Count { get; set; } = count;

        public bool IsOutdated { get; set; } = isOutdated;
    }
}
