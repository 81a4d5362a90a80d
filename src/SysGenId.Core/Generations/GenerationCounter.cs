namespace SysGenId.Core.Generations;

/// <summary>
/// The counter itself: it only rises and never wraps (S01, S02, S03). A mutable value; whoever owns it guards it.
/// </summary>
/// <param name="current">Where it stands.</param>
internal struct GenerationCounter(uint current)
{
    /// <summary>The current generation.</summary>
    public uint Current { get; private set; } = current;

    /// <summary>
    /// Moves to max(<paramref name="minimum"/>, current + 1), in unsigned arithmetic (S03).
    /// </summary>
    /// <returns>False, and nothing changes, when the last number is reached: nothing wraps (S02).</returns>
    public bool TryBump(uint minimum)
    {
        if (Current == uint.MaxValue) return false;
        Current = Math.Max(minimum, Current + 1);
        return true;
    }
}
