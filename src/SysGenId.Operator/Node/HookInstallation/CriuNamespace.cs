using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>
/// Whose mounts CRIU and the hook are run in: those of this process, or those of the host, where an agent in a container
/// finds the CRIU that its image does not have. Thread-safe.
/// </summary>
internal sealed class CriuNamespace
{
    private readonly int? _process;

    private CriuNamespace(int? process) => _process = process;

    /// <summary>Those of this process.</summary>
    public static CriuNamespace Own { get; } = new(null);

    /// <summary>Those of the first process: the host's, for an agent that shares its pid namespace and is privileged.</summary>
    public static CriuNamespace Host { get; } = new(1);

    public static CriuNamespace Of(CriuNamespaceKind kind) => kind == CriuNamespaceKind.Host ? Host : Own;

    /// <summary>Does something there. It starts processes, or looks at files.</summary>
    /// <exception cref="LinuxException">They cannot be entered. What <paramref name="action"/> throws comes through, too.</exception>
    public T Run<T>(Func<T> action)
    {
        if (_process is not { } process) return action();
        using var mounts = MountNamespace.Open(process);
        return mounts.Run(action);
    }
}
