namespace SysGenId.TestSupport.Nodes;

/// <summary>
/// For agents whose tests count generations: they leave the machine's own sources alone. It may be a guest that is cloned while
/// they run, and other tests write to its log.
/// </summary>
internal static class NoMachineSources
{
    /// <summary>Arguments of an agent.</summary>
    public static readonly IReadOnlyList<string> Arguments = ["--kernel-log", "none", "--vmclock", "none", "--sysgenid-device", "none"];
}
