using SysGenId.Core.Generations;

namespace SysGenId.Operator.Node.Generations;

/// <summary>
/// The node's generation, its name and its history: pure. It moves freely below a ceiling that is stored ahead of it,
/// so that after a crash going on above the ceiling repeats no number. Loop thread only.
/// </summary>
internal sealed class NodeGeneration
{
    /// <summary>How many changes are remembered.</summary>
    public const int HistoryLength = 64;

    private readonly Queue<GenerationChange> _history = new(HistoryLength);
    private GenerationCounter _counter;

    public NodeGeneration(GenerationChange current, uint ceiling, IEnumerable<GenerationChange> history)
    {
        _counter = new GenerationCounter(current.Generation);
        (Current, Ceiling) = (current, ceiling);
        foreach (var change in history) Remember(change);
    }

    /// <summary>The newest change that moved the counter.</summary>
    public GenerationChange Current { get; private set; }

    /// <summary>The highest number that may be given out now.</summary>
    public uint Ceiling { get; private set; }

    /// <summary>Oldest first, at most <see cref="HistoryLength"/>.</summary>
    public IReadOnlyCollection<GenerationChange> History => _history;

    /// <summary>
    /// Moves to max(minimum, current + 1) under the name and cause of <paramref name="draft"/> (S03, S24). The minimum
    /// of the draft counts as far as <paramref name="maximumJump"/> ahead of the node; beyond, it is the pod's alone (S28).
    /// </summary>
    /// <returns>The change, or null and why nothing moved.</returns>
    public GenerationChange? TryBump(GenerationChange draft, uint maximumJump, out BumpRefusal refusal)
    {
        var next = _counter;
        if (!next.TryBump(NodeMinimum(draft.Minimum ?? 0, maximumJump)))
        {
            refusal = BumpRefusal.Exhausted;
            return null;
        }

        if (next.Current > Ceiling)
        {
            refusal = BumpRefusal.AboveCeiling;
            return null;
        }

        refusal = BumpRefusal.None;
        _counter = next;
        Current = draft with { Generation = next.Current };
        Remember(Current);
        return Current;
    }

    /// <summary>Where a bump with this minimum would lead, whatever the ceiling.</summary>
    public uint Next(uint minimum, uint maximumJump)
    {
        var next = _counter;
        next.TryBump(NodeMinimum(minimum, maximumJump));
        return next.Current;
    }

    /// <summary>A higher ceiling is stored.</summary>
    public void RaiseCeiling(uint ceiling) => Ceiling = Math.Max(Ceiling, ceiling);

    /// <summary>Adds a line to the history, for a change that moved nothing.</summary>
    public void Remember(GenerationChange change)
    {
        if (_history.Count == HistoryLength) _history.Dequeue();
        _history.Enqueue(change);
    }

    /// <summary>Says what became of a change that is in the history.</summary>
    public void Amend(Guid id, ChangeOutcome outcome, string message) =>
        Replace(id, line => line with { Outcome = outcome, Message = message });

    /// <summary>Another source reported a change that is in the history.</summary>
    public void Corroborate(Guid id, string source, bool isCertain, string message) => Replace(id, line => line with
    {
        Sources = [.. line.ReportedBy(), source],
        IsSuspected = line.IsSuspected && !isCertain,
        Message = line.Message is { } first ? $"{first}; {message}" : message,
    });

    /// <summary>Says which pod and container a change that is in the history is about.</summary>
    public void Attribute(Guid id, string? pod, string container) => Replace(id, line => line with { Pod = pod, Container = container });

    private void Replace(Guid id, Func<GenerationChange, GenerationChange> replace)
    {
        var lines = _history.Select(line => line.Id == id ? replace(line) : line).ToArray();
        _history.Clear();
        foreach (var line in lines) _history.Enqueue(line);
        if (Current.Id == id) Current = replace(Current);
    }

    private uint NodeMinimum(uint minimum, uint maximumJump) =>
        minimum > _counter.Current && minimum - _counter.Current > maximumJump ? 0 : minimum;
}
