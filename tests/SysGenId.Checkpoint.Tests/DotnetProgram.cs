using System.Runtime.InteropServices;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;

namespace SysGenId.Checkpoint.Tests;

/// <summary>A program of this repository that runs in a container on the .NET runtime and the libraries of the machine.</summary>
internal static class DotnetProgram
{
    private const string Folder = "/app";

    private static readonly string[] _libraries = ["/usr/lib", "/lib", "/lib64"];

    // .../shared/Microsoft.NETCore.App/10.0.0/
    private static readonly string _root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>The shell command that runs it; it becomes the process of the shell.</summary>
    public static string Command(string project, string arguments) => $"exec {_root}/dotnet {Folder}/{project}.dll {arguments}";

    /// <summary>What a container needs of the machine for it.</summary>
    public static IReadOnlyList<BindMount> Mounts(string project) =>
        [.. _libraries.Where(Directory.Exists).Select(Library), new(_root, _root), new(Path.Combine(ToolPaths.Artifacts, "bin", project, "debug"), Folder)];

    // With the target of a link as its source: CRIU mounts it again without following links.
    private static BindMount Library(string path) => new(new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path, path);
}
