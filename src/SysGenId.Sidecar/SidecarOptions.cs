using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar;

/// <summary>How a sidecar runs. Valid once <see cref="CommandLine"/> has made it.</summary>
internal sealed record SidecarOptions
{
    public const int LeastMaximumWatchers = 1;
    public const int MostMaximumWatchers = 65536;
    public const int MostReturnGraceSeconds = 86400;

    /// <summary>Where page and sockets are; made when it is not there. An absolute path.</summary>
    public required string Directory { get; init; }

    /// <summary>The node agent's socket. An absolute path.</summary>
    public required string AgentSocket { get; init; }

    /// <summary>Watch connections at one time, 1 to 65536.</summary>
    public int MaximumWatchers { get; init; } = ProtocolLimits.DefaultMaximumWatchers;

    /// <summary>How long watchers that are to come back count as outdated (S23), whole seconds, 1 to 86400.</summary>
    public TimeSpan ReturnGrace { get; init; } = TimeSpan.FromSeconds(30);

    public LogLevel LogLevel { get; init; } = LogLevel.Info;

    /// <summary>How long early clients wait for the agent to tell the node's generation before they are served what the page says.</summary>
    public TimeSpan RegistrationPatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a word may stay incomplete.</summary>
    public TimeSpan PartialWordTimeout { get; init; } = ProtocolLimits.PartialMessageTimeout;

    /// <summary>The pause before the first attempt to reach the agent again.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between attempts.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);
}
