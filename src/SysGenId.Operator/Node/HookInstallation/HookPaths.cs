using System.Buffers;
using System.Text;
using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>Which paths can be written where they have to be written.</summary>
internal static class HookPaths
{
    // CRIU splits its configuration at white space and dies of a quoted value; these are safe in every version of it.
    private static readonly SearchValues<char> _safeForCriu =
        SearchValues.Create("/-_.+,:@%~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>What is wrong with a directory for the hook; null: nothing.</summary>
    public static string? FaultOfDirectory(string directory) =>
        !Path.IsPathFullyQualified(directory) ? $"--hook-dir {directory} is not an absolute path."
        : directory.AsSpan().ContainsAnyExcept(_safeForCriu) ? $"--hook-dir '{directory}' cannot stand in a CRIU configuration; use only letters, digits and /-_.+,:@%~."
        : null;

    /// <summary>What is wrong with a socket's path; null: nothing.</summary>
    public static string? FaultOfAgent(string agent) =>
        !Path.IsPathFullyQualified(agent) ? $"--agent {agent} is not an absolute path."
        : agent.Any(char.IsControl) ? "--agent has a control character in its path."
        : Encoding.UTF8.GetByteCount(agent) > UnixSocket.MaximumPathLength ? $"--agent is longer than {UnixSocket.MaximumPathLength} bytes, the most a socket's path may have."
        : null;

    /// <summary>What is wrong with the markers in a configuration; null: nothing.</summary>
    public static string? FaultOfMarkers(string path, MarkerFault fault) => fault switch
    {
        MarkerFault.None => null,
        MarkerFault.EndIsMissing => $"{path} has a line '{HookMarkers.Begin}' without its '{HookMarkers.End}'. Take the rest of the block out by hand.",
        MarkerFault.BeginIsMissing => $"{path} has a line '{HookMarkers.End}' without its '{HookMarkers.Begin}'. Take the rest of the block out by hand.",
        _ => $"{path} has several blocks between '{HookMarkers.Begin}' and '{HookMarkers.End}'. Leave one.",
    };
}
