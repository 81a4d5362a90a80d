using System.Collections.Concurrent;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>Every generation the node has answered: no number twice, and none below one that was answered before it was asked for (S02, S03).</summary>
internal sealed class Answers
{
    private readonly ConcurrentDictionary<uint, bool> _all = [];
    private readonly Lock _lock = new();
    private uint _highest;

    /// <summary>What was answered that must never be.</summary>
    public ConcurrentBag<string> Faults { get; } = [];

    public int Count => _all.Count;

    /// <summary>The highest generation answered so far: nobody may ever see less from now on.</summary>
    public uint Highest
    {
        get
        {
            lock (_lock)
                return _highest;
        }
    }

    /// <param name="before">The highest answer that was known when this one was asked for.</param>
    /// <param name="generation">The answer.</param>
    public void Take(uint before, uint generation)
    {
        if (generation <= before)
            Faults.Add($"{generation} was given out after {before}");
        if (!_all.TryAdd(generation, true))
            Faults.Add($"{generation} was given out twice");
        lock (_lock)
            _highest = Math.Max(_highest, generation);
    }
}
