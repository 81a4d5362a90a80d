namespace SysGenId.Operator.Node;

/// <summary>What a checkpoint's record says of where it was taken.</summary>
/// <param name="Name">The node.</param>
/// <param name="PodNames">Its pods.</param>
internal sealed record NodeIdentity(string Name, IPodNames PodNames);
