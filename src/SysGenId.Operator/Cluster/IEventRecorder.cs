namespace SysGenId.Operator.Cluster;

/// <summary>Tells people what happened, as Events of the cluster. Thread-safe; never blocks and never throws.</summary>
internal interface IEventRecorder
{
    /// <summary>Takes note of an event; it is written later, or dropped and logged when the API server is away for too long.</summary>
    void Record(ClusterEvent happened);
}
