using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>Whether this machine has a vmgenid that the kernel uses: without, it prints nothing about forks.</summary>
internal static class GenerationIdDevice
{
    /// <summary>Whether a device is bound to the driver.</summary>
    public static bool IsThere() => GenerationIdDriver.Directories.SelectMany(EntriesOf).Any(GenerationIdDriver.IsDevice);

    private static IReadOnlyList<string> EntriesOf(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(directory).Select(entry => Path.GetFileName(entry))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
