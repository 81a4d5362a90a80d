namespace SysGenId.Operator.Cluster;

/// <summary>How one round of a reconcile loop ended.</summary>
internal enum ReconcileResult
{
    /// <summary>Nothing had to be done, and nothing was written.</summary>
    Unchanged,

    /// <summary>Something was written.</summary>
    Changed,

    /// <summary>Somebody else wrote first; it is tried again on what they wrote.</summary>
    Conflict,

    /// <summary>The API server refused or could not be reached; it is tried again later.</summary>
    Failed,
}
