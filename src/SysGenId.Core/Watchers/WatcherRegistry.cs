using SysGenId.Core.Generations;

namespace SysGenId.Core.Watchers;

/// <summary>
/// A generation and who has adapted to it: the whole contract in one place, without I/O, clock or tasks.
/// Every operation is one step under one lock, so counts are exact whenever they are seen (S16), and a bump marks
/// everybody outdated and publishes its value at once (S04). Thread-safe. Nothing is called back: operations that
/// may end waits leave the ended ones for <see cref="TryTakeEndedWait"/>.
/// </summary>
internal sealed class WatcherRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ReturnGroup> _expected = [];
    private readonly List<WatcherWait> _waits = [];
    private readonly Queue<WatcherWait> _ended = [];
    private GenerationCounter _counter;
    private int _open;
    private int _outdated;

    /// <param name="generation">Where the counter stands at the start.</param>
    public WatcherRegistry(uint generation) => _counter = new GenerationCounter(generation);

    /// <summary>The counts of this instant (S16).</summary>
    public WatcherCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return Counts_NeedsLock();
            }
        }
    }

    /// <summary>The current generation.</summary>
    public uint Generation
    {
        get
        {
            lock (_lock)
            {
                return _counter.Current;
            }
        }
    }

    /// <summary>Registers a watcher that is up to date, whatever happened before (S05).</summary>
    /// <param name="process">The process it belongs to; 0 when that is not known.</param>
    public Watcher Open(ulong process = 0)
    {
        lock (_lock)
        {
            _open++;
            return new Watcher { Acked = _counter.Current, Process = process };
        }
    }

    /// <summary>Removes a watcher, closed or crashed alike; if it was outdated the count drops and waits may end (S11).</summary>
    public void Close(Watcher watcher)
    {
        lock (_lock)
        {
            if (!watcher.IsOpen) return;
            watcher.IsOpen = false;
            _open--;
            if (watcher.Acked != _counter.Current) _outdated--;
            EndSatisfiedWaits_NeedsLock();
        }
    }

    /// <summary>
    /// Moves to max(<paramref name="minimum"/>, current + 1); every watcher is outdated, every wait interrupted, in
    /// this one step (S03, S04, S12).
    /// </summary>
    /// <returns>False, and nothing changes, when the last number is reached (S02).</returns>
    public bool TryBump(uint minimum)
    {
        lock (_lock)
        {
            if (!_counter.TryBump(minimum)) return false;

            // A value rises only, so nobody can have acked the new one.
            _outdated = _open;
            EndWaits_NeedsLock(WaitOutcome.Interrupted);
            return true;
        }
    }

    /// <summary>
    /// A watcher names the generation it has handled. Current: it is up to date. Otherwise nothing changes (S09), but
    /// for the first word of a watcher, which restores its state after a reconnect and takes the place that was kept
    /// for one that comes back (S23).
    /// </summary>
    public AckOutcome Acknowledge(Watcher watcher, uint generation)
    {
        lock (_lock)
        {
            if (!watcher.IsOpen) return AckOutcome.Closed;
            var wasOutdated = watcher.Acked != _counter.Current;
            if (!watcher.HasSpoken)
            {
                watcher.HasSpoken = true;
                watcher.Acked = CurrentOrNone_NeedsLock(generation);
                TakeExpectedPlace_NeedsLock(watcher);
            }
            else if (generation == _counter.Current)
            {
                watcher.Acked = generation;
            }

            var isOutdated = watcher.Acked != _counter.Current;
            _outdated += (isOutdated ? 1 : 0) - (wasOutdated ? 1 : 0);
            if (!isOutdated) EndSatisfiedWaits_NeedsLock();
            return generation == _counter.Current ? AckOutcome.Acknowledged : AckOutcome.NotCurrent;
        }
    }

    /// <summary>Whether a watcher is outdated, and so readable (S06, S10); the current generation either way.</summary>
    public bool IsOutdated(Watcher watcher, out uint generation)
    {
        lock (_lock)
        {
            generation = _counter.Current;
            return watcher.IsOpen && watcher.Acked != generation;
        }
    }

    /// <summary>
    /// Keeps places for watchers that will come back (S23): so many had a container at its checkpoint. Until they
    /// come, or <see cref="ForgetExpected"/> ends the grace period, each counts as a watcher, outdated when the
    /// generation they last handled is not current.
    /// </summary>
    /// <param name="group">Whose watchers. A second call for the same group replaces the first.</param>
    /// <param name="count">How many; 0 keeps none.</param>
    /// <param name="handled">The generation all of them had handled; null when it cannot be current.</param>
    /// <param name="process">The process that comes back; 0 when any may be it. No watcher of another takes its places.</param>
    public void Expect(string group, int count, uint? handled, ulong process = 0)
    {
        lock (_lock)
        {
            if (count > 0)
            {
                _expected[group] = new ReturnGroup(count, CurrentOrNone_NeedsLock(handled), process);
            }
            else
            {
                _expected.Remove(group);
            }

            EndSatisfiedWaits_NeedsLock();
        }
    }

    /// <summary>Ends the grace period of a group of returning watchers.</summary>
    public void ForgetExpected(string group) => Expect(group, 0, null);

    /// <summary>How many of a group are still expected back, and how many of those are outdated.</summary>
    public (int Count, int Outdated) ExpectedOf(string group)
    {
        lock (_lock)
        {
            if (!_expected.TryGetValue(group, out var kept)) return default;
            return (kept.Count, kept.Handled == _counter.Current ? 0 : kept.Count);
        }
    }

    /// <summary>
    /// Begins a wait until nobody is outdated (S12). It may have ended on return; otherwise it ends by a later
    /// operation and is then handed out by <see cref="TryTakeEndedWait"/>.
    /// </summary>
    /// <param name="handled">The generation the caller has handled; null when it is no watcher.</param>
    /// <param name="owner">Given back with the wait.</param>
    public WatcherWait BeginWait(uint? handled, object? owner)
    {
        lock (_lock)
        {
            var wait = new WatcherWait(owner);
            if (handled is { } value && value != _counter.Current)
            {
                wait.Outcome = WaitOutcome.Interrupted;
            }
            else if (Counts_NeedsLock().Outdated == 0)
            {
                wait.Outcome = WaitOutcome.UpToDate;
            }
            else
            {
                _waits.Add(wait);
            }

            return wait;
        }
    }

    /// <summary>Ends a wait whose time is up or whose caller is gone; one that has ended already keeps its outcome.</summary>
    public void EndWait(WatcherWait wait)
    {
        lock (_lock)
        {
            if (wait.Outcome == WaitOutcome.Pending) wait.Outcome = WaitOutcome.TimedOut;
            _waits.Remove(wait);
        }
    }

    /// <summary>The next wait that an operation has ended, in the order they ended; each is handed out once.</summary>
    public bool TryTakeEndedWait([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WatcherWait? wait)
    {
        lock (_lock)
        {
            return _ended.TryDequeue(out wait);
        }
    }

    // A watcher restored from elsewhere may name a number that the counter has yet to reach, and must not be taken as up
    // to date when it does. One below can never become current again.
    private uint? CurrentOrNone_NeedsLock(uint? generation) => generation == _counter.Current ? generation : null;

    private WatcherCounts Counts_NeedsLock()
    {
        var (expected, expectedOutdated) = (0L, 0L);
        foreach (var group in _expected.Values)
        {
            expected += group.Count;
            if (group.Handled != _counter.Current) expectedOutdated += group.Count;
        }

        return new WatcherCounts(_counter.Current, Saturated(_open + expected), Saturated(_outdated + expectedOutdated), Saturated(expected));
    }

    // How many are expected back is told by checkpoints, and those come from strangers: no sum may wrap to nobody.
    private static int Saturated(long count) => (int)Math.Min(count, int.MaxValue);

    private void TakeExpectedPlace_NeedsLock(Watcher watcher)
    {
        var (place, best) = ((string?)null, 0);
        foreach (var (name, group) in _expected)
        {
            var fitness = Fitness_NeedsLock(group, watcher);
            if (fitness > best) (place, best) = (name, fitness);
        }

        if (place is null) return;
        var left = _expected[place] with { Count = _expected[place].Count - 1 };
        if (left.Count > 0)
        {
            _expected[place] = left;
        }
        else
        {
            _expected.Remove(place);
        }
    }

    // A place of its own, then one that is anybody's; of an unknown process, any may be its own. Among those one that counts
    // as the watcher itself does: were an outdated one taken by who is up to date, nobody would be waited for any more while
    // the outdated watcher is still away.
    private int Fitness_NeedsLock(in ReturnGroup group, Watcher watcher)
    {
        if (group.Process != 0 && watcher.Process != 0 && group.Process != watcher.Process) return 0;
        var isOwn = group.Process != 0 && watcher.Process != 0;
        var isAlike = (group.Handled != _counter.Current) == (watcher.Acked != _counter.Current);
        return (isOwn ? 2 : 0) + (isAlike ? 2 : 1);
    }

    private void EndSatisfiedWaits_NeedsLock()
    {
        if (_waits.Count > 0 && Counts_NeedsLock().Outdated == 0) EndWaits_NeedsLock(WaitOutcome.UpToDate);
    }

    private void EndWaits_NeedsLock(WaitOutcome outcome)
    {
        foreach (var wait in _waits)
        {
            wait.Outcome = outcome;
            _ended.Enqueue(wait);
        }

        _waits.Clear();
    }

    private readonly record struct ReturnGroup(int Count, uint? Handled, ulong Process);
}
