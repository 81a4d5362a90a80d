namespace SysGenId.Operator.Cluster;

/// <summary>One change in the copy that a watch keeps.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Key">The object's name, or namespace/name.</param>
/// <param name="Object">The object as it is now; of a removed one, as it was last seen.</param>
internal sealed record ObjectChange<T>(ObjectChangeKind Kind, string Key, T Object);
