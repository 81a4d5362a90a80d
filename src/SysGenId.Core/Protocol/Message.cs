using SysGenId.Core.Generations;

namespace SysGenId.Core.Protocol;

/// <summary>
/// One line of the control or agent socket. All messages are flat objects of these fields; which of them an
/// operation has is said in docs/protocol.md. A field that is null is absent.
/// </summary>
internal sealed record Message
{
    /// <summary>The operation of a request; null in an answer.</summary>
    public string? Op { get; init; }

    /// <summary>Whether the request was carried out; null in a request.</summary>
    public bool? Ok { get; init; }

    /// <summary>One of <see cref="ErrorCode"/>.</summary>
    public string? Error { get; init; }

    /// <summary>A sentence for people.</summary>
    public string? Text { get; init; }

    public int? Protocol { get; init; }

    /// <summary><c>node</c> or <c>pod</c>: whose socket this is.</summary>
    public string? Role { get; init; }

    public string? Version { get; init; }

    /// <summary>The directory a sidecar serves, as it sees it.</summary>
    public string? Directory { get; init; }

    public uint? Generation { get; init; }

    /// <summary>The least generation a delivery must reach for this pod.</summary>
    public uint? Minimum { get; init; }

    /// <summary>The least generation asked for by force.</summary>
    public uint? MinimumGeneration { get; init; }

    public Guid? Id { get; init; }

    public GenerationCause? Cause { get; init; }

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public long? TimeNs { get; init; }

    public bool? GateProven { get; init; }

    public bool? AgentConnected { get; init; }

    public bool? IsQuiesced { get; init; }

    public string? Container { get; init; }

    public int? Count { get; init; }

    /// <summary>Names one checkpoint in progress.</summary>
    public string? Checkpoint { get; init; }

    public int? Watchers { get; init; }

    public int? Outdated { get; init; }

    public int? Expected { get; init; }

    public int? InitPid { get; init; }

    public string? ImageDirectory { get; init; }

    /// <summary>CRIU's name of the stage the hook was called for.</summary>
    public string? Stage { get; init; }

    /// <summary>What a hook does when this answer is an error: <c>Fail</c> or <c>Ignore</c>.</summary>
    public string? Policy { get; init; }

    public CheckpointRecord? Record { get; init; }

    /// <summary>Milliseconds; 0 is no limit.</summary>
    public long? TimeoutMs { get; init; }

    /// <summary>A request without fields.</summary>
    public static Message Request(string operation) => new() { Op = operation };

    /// <summary>The answer that says no more than that it was done.</summary>
    public static Message Success { get; } = new() { Ok = true };

    /// <summary>The answer that says what went wrong.</summary>
    public static Message Failure(string code, string sentence) => new() { Ok = false, Error = code, Text = sentence };
}
