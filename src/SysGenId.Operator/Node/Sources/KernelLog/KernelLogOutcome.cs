namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>What one read of a kernel's log came to.</summary>
internal enum KernelLogOutcome
{
    /// <summary>A record.</summary>
    Record,

    /// <summary>Nothing: all that there is was read.</summary>
    End,

    /// <summary>One or more records are gone that were never read. The next read goes on behind them.</summary>
    Lost,

    /// <summary>The reader cannot be used any more.</summary>
    Failed,
}
