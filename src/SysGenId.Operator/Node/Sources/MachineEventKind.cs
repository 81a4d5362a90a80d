namespace SysGenId.Operator.Node.Sources;

/// <summary>What a source noticed. The names, in lower case, are labels of metrics.</summary>
internal enum MachineEventKind
{
    /// <summary>The machine was cloned or rolled back.</summary>
    Restored,

    /// <summary>It may have been: something that could have said so was lost. A needless bump harms nobody, a missed one does.</summary>
    Suspected,

    /// <summary>Its time was disrupted, by a live migration for one; no copy of it need exist.</summary>
    Disrupted,
}
