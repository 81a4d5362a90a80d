using System.Text;
using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>Who else names the hook. A named program that is missing fails every dump and restore on the machine.</summary>
internal static class HookReferences
{
    private const int MaximumLength = 1024 * 1024;

    /// <summary>A configuration that has a line with one of these programs, if there is one.</summary>
    public static string? Find(HookFiles files, string configuration) => Find(files.Binary, configuration);

    /// <summary>A configuration, that one or another where CRIU and runtimes look, that names a path or one that begins with it.</summary>
    public static string? Find(string program, string configuration)
    {
        var directories = new[] { Path.GetDirectoryName(SystemPaths.CriuConfiguration)!, Path.GetDirectoryName(configuration)! };
        var candidates = directories.Distinct().Where(Directory.Exists).SelectMany(directory => Directory.EnumerateFiles(directory, "*.conf"));
        return candidates.Append(configuration).Distinct().FirstOrDefault(candidate => Names(candidate, Encoding.UTF8.GetBytes(program)));
    }

    private static bool Names(string configuration, byte[] program)
    {
        using var file = Files.TryOpen(configuration, Files.ReadOnly | Files.NonBlocking, 0, out _);
        var text = file is null ? null : Files.TryReadAll(file, MaximumLength, out _);
        foreach (var line in (text ?? []).AsSpan().Split((byte)'\n'))
        {
            if (!text.AsSpan()[line].TrimStart(" \t"u8).StartsWith("#"u8) && text.AsSpan()[line].IndexOf(program) >= 0) return true;
        }

        return false;
    }
}
