using System.Text;
using SysGenId.Core.Linux;

namespace SysGenId.Cli.Diagnosis;

/// <summary>The machine <c>doctor</c> looks at; in tests a tree of files that looks like one.</summary>
/// <param name="Root">What stands before every path; empty for the real one.</param>
/// <param name="UserId">The effective user.</param>
/// <param name="Features">Asks the kernel what it can do.</param>
/// <param name="Run">Runs a program; null when there is none of that name.</param>
internal sealed record Machine(string Root, uint UserId, Func<KernelFeatures> Features, Func<string, string[], ProgramRun?> Run)
{
    // The largest file read here is /proc/cpuinfo of a machine with many processors.
    private const int FileLimit = 4 << 20;

    public static Machine ThisOne() => new("", Libc.geteuid(), KernelProbe.Probe, (program, arguments) => ProgramRunner.Run(program, arguments));

    public bool IsRoot => UserId == 0;

    /// <summary>Where a path really is.</summary>
    public string PathOf(string path) => Root + path;

    /// <summary>The text of a file; null when it cannot be read.</summary>
    public string? Read(string path) =>
        Files.TryReadAll(PathOf(path), FileLimit, out _) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public bool Exists(string path) => File.Exists(PathOf(path)) || Directory.Exists(PathOf(path));

    /// <summary>Whether a path leads to a program that may be run.</summary>
    public bool IsProgram(string path)
    {
        const UnixFileMode anybody = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(PathOf(path)) && (File.GetUnixFileMode(PathOf(path)) & anybody) != 0;
    }

    /// <summary>The names in a directory; none when it is not there.</summary>
    public IReadOnlyList<string> List(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(PathOf(directory)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
