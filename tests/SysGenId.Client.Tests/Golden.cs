using System.Runtime.CompilerServices;

namespace SysGenId.Client.Tests;

/// <summary>
/// Texts that are part of what users know, checked in beside the tests. SYSGENID_UPDATE_GOLDEN=1 writes them anew; then
/// the diff is read like any other.
/// </summary>
internal static class Golden
{
    private static readonly bool _update = Environment.GetEnvironmentVariable("SYSGENID_UPDATE_GOLDEN") == "1";

    public static void Matches(string name, string text)
    {
        var path = Path.Join(Folder(), name + ".txt");
        if (_update) File.WriteAllText(path, text);
        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : $"(there is no {path})", text);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Join(Path.GetDirectoryName(file), "Golden");
}
