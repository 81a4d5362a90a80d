namespace SysGenId.Operator.Cluster;

/// <summary>There is no cluster to speak to: what was configured is not there or makes no sense. The message is a sentence for people.</summary>
internal sealed class ClusterUnavailableException : Exception
{
    public ClusterUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
