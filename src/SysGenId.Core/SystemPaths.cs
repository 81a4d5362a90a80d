namespace SysGenId.Core;

/// <summary>Where things are, unless configured otherwise. Public interface.</summary>
internal static class SystemPaths
{
    /// <summary>The agent's socket on a node.</summary>
    public const string AgentSocket = "/run/sysgenid/node.sock";

    /// <summary>The agent's persisted state on a node.</summary>
    public const string StateDirectory = "/var/lib/sysgenid";

    /// <summary>Where the hook is installed on a node.</summary>
    public const string HookDirectory = "/opt/sysgenid/bin";

    /// <summary>The hook's file name.</summary>
    public const string HookName = "sysgenid-criu-hook";

    /// <summary>The CRIU configuration every caller of CRIU honours.</summary>
    public const string CriuConfiguration = "/etc/criu/default.conf";

    /// <summary>The directory an app container sees.</summary>
    public const string PodDirectory = "/run/sysgenid";

    /// <summary>The same page for programs built for the kernel device.</summary>
    public const string Device = "/dev/sysgenid";

    /// <summary>The kernel's log.</summary>
    public const string KernelLog = "/dev/kmsg";

    /// <summary>The page that a hypervisor shares with its guest.</summary>
    public const string VmClock = "/dev/vmclock0";

    /// <summary>The counter page, in a pod's directory and beside the agent's socket.</summary>
    public const string PageName = "generation";

    /// <summary>The watch socket in a pod's directory.</summary>
    public const string WatchSocketName = "watch.sock";

    /// <summary>The control socket in a pod's directory.</summary>
    public const string ControlSocketName = "control.sock";

    /// <summary>Beside the agent's socket: what the hook has to know while the agent is away.</summary>
    public const string PolicyName = "node.policy";

    /// <summary>Beside the agent's socket: one file for each restore let through while the agent was away.</summary>
    public const string MissedName = "missed";

    /// <summary>Beside the agent's socket, with the pid of a CRIU behind it: that restore is published. leave-early.c of the hook knows it, too.</summary>
    public const string PublishedName = "published-";

    /// <summary>Whether a mount at this path of a container shows it a counter page: it is one of ours.</summary>
    public static bool IsPageMount(ReadOnlySpan<char> point) =>
        point is PodDirectory or Device || point.StartsWith(PodDirectory + "/", StringComparison.Ordinal);

    /// <summary>A file beside the agent's socket.</summary>
    public static string Beside(string agentSocket, string name) =>
        Path.Join(Path.GetDirectoryName(Path.GetFullPath(agentSocket)), name);
}
