using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Tests.Node.Generations;

/// <summary>The rules of S02, S03 and S28 in numbers that cannot overflow.</summary>
internal sealed class NodeGenerationModel(ulong current, ulong ceiling)
{
    public ulong Current { get; private set; } = current;

    public ulong Ceiling { get; set; } = ceiling;

    public (uint? Generation, BumpRefusal Refusal) Bump(ulong minimum, ulong jump)
    {
        if (Current == uint.MaxValue) return (null, BumpRefusal.Exhausted);
        var next = minimum > Current + jump ? Current + 1 : Math.Max(minimum, Current + 1);
        if (next > Ceiling) return (null, BumpRefusal.AboveCeiling);
        Current = next;
        return ((uint)next, BumpRefusal.None);
    }
}
