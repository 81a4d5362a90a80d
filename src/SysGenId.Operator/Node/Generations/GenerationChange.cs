using SysGenId.Core;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Generations;

/// <summary>One line of a node's history.</summary>
internal sealed record GenerationChange
{
    /// <summary>The node's generation after it.</summary>
    public required uint Generation { get; init; }

    /// <summary>Its name (S24).</summary>
    public required Guid Id { get; init; }

    public required GenerationCause Cause { get; init; }

    /// <summary>When: nanoseconds since the Unix epoch.</summary>
    public required long TimeNs { get; init; }

    /// <summary>The pod a container restore concerned.</summary>
    public string? Pod { get; init; }

    /// <summary>The container a restore concerned.</summary>
    public string? Container { get; init; }

    /// <summary>The least generation asked for (S21, S28).</summary>
    public uint? Minimum { get; init; }

    public ChangeOutcome Outcome { get; init; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }

    /// <summary>A change that is not made yet: now, under a new name (S24).</summary>
    public static GenerationChange Draft(GenerationCause cause, TimeProvider clock) => new()
    {
        Generation = 0,
        Id = KernelRandom.NextId(),
        Cause = cause,
        TimeNs = clock.UnixNanoseconds(),
    };
}
