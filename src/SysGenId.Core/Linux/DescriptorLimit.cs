namespace SysGenId.Core.Linux;

/// <summary>How many descriptors this process may have open.</summary>
internal static unsafe class DescriptorLimit
{
    private const int OpenFiles = 7;

    /// <summary>
    /// Raises the soft limit to the hard one. It is low for the sake of programs that use select(2), which ours do not; a
    /// watcher each costs one descriptor. Where it cannot be raised, it stays.
    /// </summary>
    public static void Raise()
    {
        // struct rlimit: soft, hard
        var limits = stackalloc ulong[2];
        if (Libc.getrlimit(OpenFiles, limits) < 0 || limits[0] >= limits[1]) return;
        limits[0] = limits[1];
        Libc.setrlimit(OpenFiles, limits);
    }
}
