namespace SysGenId.Cli.Diagnosis;

/// <summary>What a check comes to.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but with less than it could, or could not be looked at.</summary>
    Warn,

    /// <summary>Something will not work.</summary>
    Fail,
}
