namespace SysGenId.Operator.Node.Sources;

/// <summary>What sources report to. Loop thread only.</summary>
internal interface IMachineEvents
{
    /// <summary>A source noticed something.</summary>
    void Report(MachineEvent report);

    /// <summary>A source was followed up to here, and nothing has happened that bumps: it is stored soon.</summary>
    void Follow(string mark, ulong place);
}
