using SysGenId.Core;

namespace SysGenId.Sidecar.Startup;

/// <summary>What <c>sysgenid-sidecar ready</c> looks for.</summary>
internal sealed record ReadyOptions
{
    public const string Command = "ready";

    private const int MostWaitSeconds = 60;
    private const string DirectoryOption = "--dir";
    private const string GateFlag = "--require-gate";
    private const string WaitOption = "--wait";

    /// <summary>Where page and sockets should be. An absolute path.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether the page must say that the node's gate is proven (S27).</summary>
    public bool RequireGate { get; init; }

    /// <summary>How long to wait for all of it: whole seconds, 0 to 60.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The options, or null and all that is wrong in one message.</summary>
    /// <param name="arguments">Those behind the word <c>ready</c>.</param>
    /// <param name="faults">What is wrong.</param>
    public static ReadyOptions? TryParse(ReadOnlySpan<string> arguments, out string faults)
    {
        var line = new Arguments(arguments, [DirectoryOption, WaitOption], [GateFlag]);
        var options = new ReadyOptions
        {
            Directory = line.Path(DirectoryOption, SystemPaths.ControlSocketName.Length + 1),
            RequireGate = line.Has(GateFlag),
            Wait = TimeSpan.FromSeconds(line.Number(WaitOption, 0, MostWaitSeconds) ?? 0),
        };
        faults = line.Faults;
        return faults.Length == 0 ? options : null;
    }
}
