namespace SysGenId.Operator.Control.Admission;

/// <summary>What becomes of a pod.</summary>
internal enum InjectionOutcome
{
    /// <summary>It is created with what the patch adds.</summary>
    Injected,

    /// <summary>It is created as it came.</summary>
    Skipped,

    /// <summary>It is not created; the message says what to correct.</summary>
    Denied,
}
