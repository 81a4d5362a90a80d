using System.Text;
using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>The hook and, for another agent than the default, its wrapper script, in the directory CRIU runs them from.</summary>
internal sealed class HookFiles(string directory, CriuNamespace place)
{
    /// <summary>The wrapper's file name.</summary>
    public const string WrapperName = SystemPaths.HookName + ".sh";

    /// <summary>What a replacement that was killed leaves.</summary>
    private const string Unfinished = ".new";

    /// <summary>A stage of CRIU's at which the hook does nothing but start and end.</summary>
    private const string StageOfNoConcern = "network-unlock";

    private const uint Mode = 0x1ED; // 0755
    private const uint WritableByOthers = 0x12; // 0022
    private const int MaximumLength = 64 * 1024 * 1024;

    /// <summary>How many levels of the default directory are named after us and so always ours to remove.</summary>
    private const int OwnLevels = 2;

    public string Directory => directory;

    public string Binary => Path.Join(directory, SystemPaths.HookName);

    public string Wrapper => Path.Join(directory, WrapperName);

    /// <summary>What CRIU is to run so that the hook finds its agent.</summary>
    public string Entry(string agent) => agent == SystemPaths.AgentSocket ? Binary : Wrapper;

    /// <summary>Makes the directory. A sentence when somebody other than root could put programs into it.</summary>
    public string? PrepareDirectory()
    {
        Files.CreateDirectory(directory, Mode);
        return Files.TryStatus(directory, out _) switch
        {
            { IsDirectory: false } => $"{directory} is not a directory.",
            { Owner: not 0 } status => $"{directory} belongs to uid {status.Owner}; CRIU runs what is in it as root, so root must own it.",
            { } status when (status.Permissions & WritableByOthers) != 0 => $"{directory} is writable by others than root; CRIU runs what is in it as root.",
            _ => null,
        };
    }

    /// <summary>Copies the hook, unless the same is there already. A sentence when it does not start here: then nothing changed.</summary>
    public string? InstallBinary(string source, out bool isNew) =>
        Install(Binary, File.ReadAllBytes(source), candidate => CriuProgram.Run(candidate, ["--version"], place), out isNew);

    /// <summary>Writes the wrapper, unless the same is there already. A sentence when it does not start here: then nothing changed.</summary>
    public string? InstallWrapper(string agent, out bool isNew) =>
        Install(Wrapper, Encoding.UTF8.GetBytes(WrapperText(agent)), candidate => CriuProgram.Run(candidate, [], place, StageOfNoConcern), out isNew);

    /// <summary>Removes the wrapper; false when there was none.</summary>
    public bool RemoveWrapper() => Remove(Wrapper);

    /// <summary>Removes everything, and the directories that were made for it, where they are empty.</summary>
    public bool RemoveAll(int createdDirectories)
    {
        var removed = RemoveWrapper() | Remove(Binary);
        foreach (var program in new[] { Wrapper, Binary })
        {
            Files.Remove(program + Unfinished);
            Files.Remove(program + Unfinished + Unfinished);
        }

        var levels = directory == SystemPaths.HookDirectory ? Math.Max(createdDirectories, OwnLevels) : createdDirectories;
        CriuConfigurationFile.RemoveEmpty(directory, levels);
        return removed;
    }

    private string WrapperText(string agent) => $"#!/bin/sh\nexec {Quoted(Binary)} --agent {Quoted(agent)} \"$@\"\n";

    // CRIU may run the old one at any moment, so the new one is tried under another name and then takes its place.
    private static string? Install(string path, byte[] content, Func<string, (int ExitCode, string Output)> start, out bool isNew)
    {
        isNew = !IsInstalled(path, content);
        var candidate = isNew ? path + Unfinished : path;
        if (isNew) Files.ReplaceDurably(candidate, content, Mode);
        var (exitCode, output) = start(candidate);
        if (exitCode == 0 && isNew)
        {
            // On the medium before the line is: after a power failure a line without its program fails every dump.
            Files.Rename(candidate, path);
            Files.FlushName(path);
        }

        if (exitCode == 0) return null;
        if (isNew) Files.Remove(candidate);
        return $"{path} does not start here (exit code {exitCode}): {CriuProgram.LastLine(output)}";
    }

    private static bool IsInstalled(string path, byte[] content) =>
        Files.TryStatus(path, out _) is { IsRegularFile: true, Permissions: Mode, Owner: 0 }
        && Files.TryReadAll(path, MaximumLength, out _) is { } present && present.AsSpan().SequenceEqual(content);

    private static bool Remove(string path)
    {
        var isThere = Files.TryStatus(path, out _) is not null;
        Files.Remove(path);
        return isThere;
    }

    // Inside single quotes only the single quote itself has a meaning to the shell.
    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
