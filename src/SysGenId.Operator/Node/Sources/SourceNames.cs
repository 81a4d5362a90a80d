using SysGenId.Core.Generations;

namespace SysGenId.Operator.Node.Sources;

/// <summary>Who tells a node that its world was restored. Stable: they stand in history, status, metrics and logs.</summary>
internal static class SourceNames
{
    /// <summary>CRIU, through the hook.</summary>
    public const string Criu = "criu";

    /// <summary>The kernel's line about a fork of the machine, which it prints when the id of vmgenid changed.</summary>
    public const string KernelLog = "kernel-log";

    /// <summary>The page that a hypervisor shares with its guest.</summary>
    public const string VmClock = "vmclock";

    /// <summary>The system generation device of the host's kernel.</summary>
    public const string Device = "sysgenid-device";

    /// <summary>People: the command line and the node's object.</summary>
    public const string Manual = "manual";

    private static readonly string[] _criu = [Criu];
    private static readonly string[] _manual = [Manual];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Criu, KernelLog, VmClock, Device, Manual];

    /// <summary>Whose changes of this cause are; empty where several could be, or none.</summary>
    public static IReadOnlyList<string> Of(GenerationCause cause) => cause switch
    {
        GenerationCause.ContainerRestored => _criu,
        GenerationCause.Forced or GenerationCause.MinimumRaised => _manual,
        _ => [],
    };
}
