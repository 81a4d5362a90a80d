using System.Security.Cryptography;

namespace SysGenId.TestSupport.Programs;

/// <summary>Compiles C programs into static executables that run in any container; kept under artifacts until a source changes.</summary>
internal static class StaticProgram
{
    private static readonly string[] Options = ["-static", "-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror"];

    /// <summary>Compiles a source file of the repository; headers are those beside it. Returns the executable's path.</summary>
    public static async Task<string> CompileAsync(string source)
    {
        var path = Path.Combine(ToolPaths.Repository, source);
        var directory = Path.Combine(ToolPaths.Artifacts, "test-programs", Fingerprint(path));
        var program = Path.Combine(directory, Path.GetFileNameWithoutExtension(path));
        if (File.Exists(program))
            return program;
        Directory.CreateDirectory(directory);
        // Under another name first: two test assemblies may compile the same program at once.
        var unfinished = $"{program}.{Guid.NewGuid():N}";
        (await ChildProcess.RunAsync("gcc", [.. Options, "-o", unfinished, path])).OrThrow();
        File.Move(unfinished, program, overwrite: true);
        return program;
    }

    private static string Fingerprint(string source)
    {
        var headers = Directory.GetFiles(Path.GetDirectoryName(source)!, "*.h").Order();
        var content = headers.Prepend(source).Select(File.ReadAllText);
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(content))))[..16];
    }
}
