namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>How a call ended, in the words that a device answers with; each interface has its own for the same.</summary>
internal enum Outcome
{
    Success,

    /// <summary>EAGAIN: it would block.</summary>
    WouldBlock,

    /// <summary>EINVAL.</summary>
    Invalid,

    /// <summary>EINTR.</summary>
    Interrupted,

    /// <summary>ETIME.</summary>
    TimedOut,

    /// <summary>EACCES.</summary>
    Denied,

    /// <summary>ERANGE: there is no further number (S02).</summary>
    Exhausted,
}
