namespace SysGenId.Operator.Node;

/// <summary>Knows the names of this node's pods by their UIDs. Thread-safe; answers from memory.</summary>
internal interface IPodNames
{
    /// <summary>The pod's name; null when it is not known, or not yet.</summary>
    PodName? Find(string? podUid);
}
