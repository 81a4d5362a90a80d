namespace SysGenId.Operator.Node;

/// <summary>Where the node stands, for whoever scrapes or asks for health. Thread-safe.</summary>
internal interface INodeGauges
{
    /// <summary>
    /// Completes when the loop has answered: that it does is what health means, so this never answers from anywhere else.
    /// Does not complete while no loop runs; the caller bounds how long it waits.
    /// </summary>
    Task<NodeGauges> ReadAsync();
}
