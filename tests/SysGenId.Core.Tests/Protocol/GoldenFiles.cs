using System.Runtime.CompilerServices;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Protocol;

/// <summary>Checked-in bytes that a format must keep. SYSGENID_WRITE_GOLDEN=1 writes them anew: look at the difference, it is public.</summary>
internal static class GoldenFiles
{
    private static readonly bool _write = Environment.GetEnvironmentVariable("SYSGENID_WRITE_GOLDEN") == "1";

    public static string Directory { get; } = Path.Join(ToolPaths.Repository, "tests", "SysGenId.Core.Tests", "Golden");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Join(Directory, name));

    public static void AssertEqual(string name, byte[] actual, [CallerFilePath] string test = "")
    {
        if (_write) File.WriteAllBytes(Path.Join(Directory, name), actual);
        Assert.True(File.Exists(Path.Join(Directory, name)), $"{name} of {Path.GetFileName(test)} is not checked in");
        Assert.Equal(Read(name), actual);
    }
}
