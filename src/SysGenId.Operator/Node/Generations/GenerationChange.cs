using System.Text.Json.Serialization;
using SysGenId.Core;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sources;

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

    /// <summary>Who reported it (<see cref="SourceNames"/>), first the one that it was made for; null where the cause says it.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>Whether nobody said that the machine was restored: what could have said so was lost.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSuspected { get; init; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }

    /// <summary>Who reported it; empty when nobody did.</summary>
    public IReadOnlyList<string> ReportedBy() => Sources ?? SourceNames.Of(Cause);

    /// <summary>A change that is not made yet: now, under a new name (S24).</summary>
    public static GenerationChange Draft(GenerationCause cause, TimeProvider clock) => new()
    {
        Generation = 0,
        Id = KernelRandom.NextId(),
        Cause = cause,
        TimeNs = clock.UnixNanoseconds(),
    };
}
