namespace SysGenId.TestSupport;

/// <summary>Where the programs are that tests run.</summary>
internal static class ToolPaths
{
    /// <summary>The root of the checkout the tests were built from.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Artifacts { get; } = Path.Combine(Repository, "artifacts");

    /// <summary>CRIU, runc and crun, put there by eng/checkpoint-tools.sh.</summary>
    public static string CheckpointTools { get; } = Path.Combine(Artifacts, "tools", "bin");

    /// <summary>helm, helm3 and kubectl, put there by eng/chart-tools.sh.</summary>
    public static string ChartTools { get; } = Path.Combine(Artifacts, "chart-tools", "bin");

    /// <summary>QEMU, a kernel and libraries for its guests, put there by eng/vm-tools.sh.</summary>
    public static string VirtualMachineTools { get; } = Path.Combine(Artifacts, "vm-tools");

    /// <summary>Our own programs, put there by eng/publish.sh.</summary>
    public static string Published { get; } =
        Environment.GetEnvironmentVariable("SYSGENID_PUBLISH_DIR") ?? Path.Combine(Artifacts, "publish");

    /// <summary>Programs of Debian packages, put there by eng/install-test-tools.sh.</summary>
    public static string Promtool { get; } = Path.Combine(Artifacts, "programs", "promtool");

    /// <summary>Runs programs for arm64.</summary>
    public static string Qemu { get; } = Path.Combine(Artifacts, "programs", "qemu-aarch64-static");

    public static string Operator => Path.Combine(Published, "sysgenid-operator");

    public static string Sidecar => Path.Combine(Published, "sysgenid-sidecar");

    public static string CriuHook => Path.Combine(Published, "sysgenid-criu-hook");

    public static string Cli => Path.Combine(Published, "sysgenid");

    /// <summary>Debian's busybox-static: the only content of a test container that is not ours.</summary>
    public static string? Busybox { get; } =
        new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists);

    private static string FindRepository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "SysGenId.sln")))
                return directory.FullName;
        }

        throw new DirectoryNotFoundException($"No SysGenId.sln above {AppContext.BaseDirectory}");
    }
}
