namespace SysGenId.CriuHook;

/// <summary>How a request to the agent ended.</summary>
internal enum AgentOutcome
{
    /// <summary>The agent did what was asked.</summary>
    Done,

    /// <summary>The agent answered with an error.</summary>
    Refused,

    /// <summary>Nobody serves the socket, or whoever served it went away in the middle: a restarting agent looks like this.</summary>
    Unreachable,

    /// <summary>It took the request and said nothing in time.</summary>
    Silent,

    /// <summary>What came back is no answer.</summary>
    Garbled,
}
