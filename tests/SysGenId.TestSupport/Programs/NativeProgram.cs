using System.Runtime.InteropServices;

namespace SysGenId.TestSupport.Programs;

/// <summary>Publishes projects of the repository as static executables that run in any container; once in a test process.</summary>
internal static class NativeProgram
{
    // Seconds of two processors, which others may want, too.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private static readonly SemaphoreSlim _publishing = new(1);
    private static readonly HashSet<string> _published = [];

    /// <summary>Publishes a project, a directory of the repository. Returns the executable's path.</summary>
    public static async Task<string> PublishAsync(string project, string name)
    {
        var output = Path.Combine(ToolPaths.Artifacts, "test-programs", name);
        await _publishing.WaitAsync();
        try
        {
            if (_published.Add(project))
            {
                var runtime = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
                await using var publishing = ChildProcess.Start(
                    "dotnet", "publish", Path.Combine(ToolPaths.Repository, project), "--configuration", "Release", "--runtime", runtime,
                    "--output", output, "--nologo", "--verbosity", "quiet", "--disable-build-servers");
                await publishing.ExitAsync(_patience);
                if (publishing.ExitCode != 0) throw new InvalidOperationException(publishing.Evidence);
            }
        }
        finally
        {
            _publishing.Release();
        }

        return Path.Combine(output, name);
    }
}
