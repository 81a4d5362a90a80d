namespace SysGenId.Operator.Node;

/// <summary>Who sees the new generation of a container restore (S26).</summary>
internal enum RestoreScope
{
    /// <summary>Every pod of the node.</summary>
    Node,

    /// <summary>The restored pod; the others skip to it at the next node-wide bump.</summary>
    Pod,
}
