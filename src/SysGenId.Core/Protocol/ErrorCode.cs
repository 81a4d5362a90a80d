namespace SysGenId.Core.Protocol;

/// <summary>The stable error codes of the control and agent sockets.</summary>
internal static class ErrorCode
{
    /// <summary>Not one JSON object, or a field of the wrong kind.</summary>
    public const string MalformedMessage = "malformed-message";

    /// <summary>A line over <see cref="ProtocolLimits.MaximumLineLength"/>. The connection ends.</summary>
    public const string MessageTooLong = "message-too-long";

    /// <summary>A line was begun and not ended in time. The connection ends.</summary>
    public const string MessageTooSlow = "message-too-slow";

    /// <summary>No such operation on this socket (S14).</summary>
    public const string UnsupportedOperation = "unsupported-operation";

    /// <summary>The peer speaks a protocol version this program does not.</summary>
    public const string UnsupportedProtocol = "unsupported-protocol";

    /// <summary>A field is missing or out of its range.</summary>
    public const string InvalidArgument = "invalid-argument";

    /// <summary>The peer, as the kernel describes it, may not do this (S13). Nothing changed.</summary>
    public const string PermissionDenied = "permission-denied";

    /// <summary>The last number is reached: nothing wraps (S02).</summary>
    public const string GenerationExhausted = "generation-exhausted";

    /// <summary>The caller of wait-watchers was outdated, or became so (S12).</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The caller's time is up (S12).</summary>
    public const string TimedOut = "timed-out";

    /// <summary>Pages that had to show the new generation did not confirm it in time (S25).</summary>
    public const string PublishTimeout = "publish-timeout";

    /// <summary>The node's state cannot be stored, and going on could repeat a number after a crash (S02).</summary>
    public const string StateUnwritable = "state-unwritable";

    /// <summary>The CRIU gate could not be proven (S27).</summary>
    public const string GateUnproven = "gate-unproven";

    /// <summary>The connection bound of the socket is reached.</summary>
    public const string TooManyConnections = "too-many-connections";

    /// <summary>The peer has not registered on this connection.</summary>
    public const string NotRegistered = "not-registered";

    /// <summary>The program is about to end: ask its successor.</summary>
    public const string ShuttingDown = "shutting-down";
}
