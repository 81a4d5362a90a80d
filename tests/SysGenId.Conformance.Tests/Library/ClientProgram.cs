using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Library;

/// <summary>The program of tests/SysGenId.Conformance.Program as a static executable, which runs in any container.</summary>
internal static class ClientProgram
{
    private const string Source = "tests/SysGenId.Conformance.Program";

    private static readonly string _directory = Path.Combine(ToolPaths.Artifacts, "test-programs", "client-program");

    /// <summary>Its path. test.sh publishes it.</summary>
    public static string Required()
    {
        var program = Path.Combine(_directory, "client-program");
        Requires.That(File.Exists(program), $"needs {program}: run dotnet publish {Source} --use-current-runtime --output {_directory}");
        return program;
    }
}
