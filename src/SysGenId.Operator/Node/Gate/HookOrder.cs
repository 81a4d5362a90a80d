namespace SysGenId.Operator.Node.Gate;

/// <summary>What the agent has to do about the hook on its node.</summary>
internal enum HookOrder
{
    /// <summary>Nothing: somebody else installs it.</summary>
    Leave,

    /// <summary>
    /// Brings one that is there up to date. So an agent of a cluster begins: whether the hook is wanted where there is none,
    /// its object says.
    /// </summary>
    Update,

    /// <summary>Installs it and keeps it up to date.</summary>
    Install,

    /// <summary>Takes it off the node and keeps it off.</summary>
    Remove,
}
