namespace SysGenId.Core.Linux;

/// <summary>Where the kernel shows a vmgenid device that it uses: pure.</summary>
internal static class GenerationIdDriver
{
    /// <summary>The directories of its driver, by ACPI and by device tree.</summary>
    public static IReadOnlyList<string> Directories { get; } = ["/sys/bus/acpi/drivers/vmgenid", "/sys/bus/platform/drivers/vmgenid"];

    /// <summary>Whether an entry of such a directory, which is there without a device too, is a device: its name on the bus.</summary>
    public static bool IsDevice(string entry) => entry.Contains(':') || IsNamed(entry);

    /// <summary>Whether a node of a device tree is one.</summary>
    public static bool IsNamed(string node) => node.Contains("vmgenid", StringComparison.OrdinalIgnoreCase);
}
