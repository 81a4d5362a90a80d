namespace SysGenId.Operator.Node.Generations;

/// <summary>Why a bump was not made.</summary>
internal enum BumpRefusal
{
    None,

    /// <summary>The last number is reached (S02).</summary>
    Exhausted,

    /// <summary>Numbers above the stored ceiling could be given out twice after a crash (S02).</summary>
    AboveCeiling,
}
