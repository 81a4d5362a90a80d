using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Rendering;

/// <summary>The helm that users run, in both its major versions.</summary>
internal static class Helm
{
    public const string Four = "helm";
    public const string Three = "helm3";

    public static TheoryData<string> Versions => [Four, Three];

    /// <summary>Runs one of them to its end.</summary>
    public static Task<CommandResult> RunAsync(string version, params IEnumerable<string> arguments)
    {
        Requires.ChartTools();
        return ChildProcess.RunAsync(Path.Join(ToolPaths.ChartTools, version), arguments);
    }
}
