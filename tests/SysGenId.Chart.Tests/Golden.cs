using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests;

/// <summary>
/// What the chart makes, checked in beside the tests. SYSGENID_UPDATE_GOLDEN=1 writes it anew; then the diff is read like
/// any other.
/// </summary>
internal static class Golden
{
    private static readonly bool _update = Environment.GetEnvironmentVariable("SYSGENID_UPDATE_GOLDEN") == "1";

    public static void Matches(string name, string text) =>
        MatchesFile(Path.Join(ToolPaths.Repository, "tests", "SysGenId.Chart.Tests", "Golden", name), text);

    public static void MatchesFile(string path, string text)
    {
        if (_update) File.WriteAllText(path, text);
        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : $"(there is no {path})", text);
    }
}
