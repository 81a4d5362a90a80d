namespace SysGenId.Core.Linux;

/// <summary>The kinds of namespaces asked for, by their number in the requests of a pidfd.</summary>
internal enum NamespaceKind
{
    Mounts = 3,
    Users = 9,
}
