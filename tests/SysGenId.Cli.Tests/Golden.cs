using SysGenId.TestSupport;

namespace SysGenId.Cli.Tests;

/// <summary>What the command line says, checked in beside the tests.</summary>
internal static class Golden
{
    public static void Matches(string name, string text) => GoldenFile.Matches($"tests/SysGenId.Cli.Tests/Golden/{name}.txt", text);
}
