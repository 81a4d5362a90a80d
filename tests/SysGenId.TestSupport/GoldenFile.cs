using Xunit;

namespace SysGenId.TestSupport;

/// <summary>
/// Texts that are part of what users know, checked in. SYSGENID_UPDATE_GOLDEN=1 writes them anew; then the diff is read like
/// any other.
/// </summary>
internal static class GoldenFile
{
    private static readonly bool _update = Environment.GetEnvironmentVariable("SYSGENID_UPDATE_GOLDEN") == "1";

    /// <param name="path">The file, absolute or from the root of the repository.</param>
    /// <param name="text">What is in it; null: there is no such file.</param>
    public static void Matches(string path, string? text)
    {
        path = Path.Combine(ToolPaths.Repository, path);
        if (_update && text is null) File.Delete(path);
        if (_update && text is not null) File.WriteAllText(path, text);
        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : text is null ? null : $"(there is no {path})", text);
    }
}
