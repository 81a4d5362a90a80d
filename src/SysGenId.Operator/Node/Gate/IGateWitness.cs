namespace SysGenId.Operator.Node.Gate;

/// <summary>Knows which stages of the hook arrived from CRIU processes that the agent itself started. Thread-safe.</summary>
internal interface IGateWitness
{
    /// <summary>Forgets what was seen.</summary>
    void Reset();

    /// <summary>Whether the hook called the agent for this request since the last reset.</summary>
    /// <param name="operation">One of <see cref="Core.Protocol.Operation"/>.</param>
    bool Saw(string operation);
}
