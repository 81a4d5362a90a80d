namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>Whether this machine has a vmgenid that the kernel uses: without, it prints nothing about forks.</summary>
internal static class GenerationIdDriver
{
    private static readonly string[] _drivers = ["/sys/bus/acpi/drivers/vmgenid", "/sys/bus/platform/drivers/vmgenid"];

    /// <summary>Whether a device is bound to one of the drivers.</summary>
    public static bool HasDevice() => _drivers.Any(HasDevice);

    // The driver's directory is there without a device, too; a bound one is an entry with its name on the bus.
    private static bool HasDevice(string driver)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(driver).Select(Path.GetFileName).Any(name => name!.Contains(':') || name.Contains("vmgenid", StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
