namespace SysGenId.Core.Protocol;

/// <summary>The bounds of the socket protocols, each with its reason.</summary>
internal static class ProtocolLimits
{
    /// <summary>The protocol version spoken here.</summary>
    public const int Version = 1;

    /// <summary>A line with its newline, in bytes: far above every message, small enough to give to each connection.</summary>
    public const int MaximumLineLength = 16 * 1024;

    /// <summary>An answer of the agent to the command line: 64 changes of history do not fit the bound of a request.</summary>
    public const int MaximumAnswerLength = 256 * 1024;

    /// <summary>What may wait unsent to a peer that does not read, in bytes; more, and it is disconnected.</summary>
    public const int MaximumUnsent = 512 * 1024;

    /// <summary>The same on a pod's control socket, whose answers are short: no app can make its sidecar large.</summary>
    public const int MaximumControlUnsent = 32 * 1024;

    /// <summary>How long a word or line may stay incomplete.</summary>
    public static readonly TimeSpan PartialMessageTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Watchers of one pod, unless configured.</summary>
    public const int DefaultMaximumWatchers = 1024;

    /// <summary>So many watchers of one sidecar are believed: more than it can have, and few enough that no sum over a node overflows.</summary>
    public const int MaximumReportedWatchers = 1 << 17;

    /// <summary>Connections to a pod's control socket at one time.</summary>
    public const int MaximumControlConnections = 64;
}
