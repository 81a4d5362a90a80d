namespace SysGenId.Operator.Cluster;

/// <summary>What happened to an object.</summary>
internal enum ObjectChangeKind
{
    /// <summary>It was not in the copy before.</summary>
    Added,

    /// <summary>It is another version of one that was.</summary>
    Modified,

    /// <summary>It is gone, or no longer selected.</summary>
    Removed,
}
