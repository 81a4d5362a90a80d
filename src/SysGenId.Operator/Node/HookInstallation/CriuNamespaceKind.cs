namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>Whose CRIU an agent looks for.</summary>
internal enum CriuNamespaceKind
{
    /// <summary>The one among the files it sees itself.</summary>
    Own,

    /// <summary>The one among the files of the host's first process: for an agent in a container.</summary>
    Host,
}
