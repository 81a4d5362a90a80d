using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Node.Sources;

/// <summary>What a source reports.</summary>
/// <param name="Source">One of <see cref="SourceNames"/>.</param>
/// <param name="Kind">What it noticed.</param>
/// <param name="Message">A sentence for history and log.</param>
internal sealed record MachineEvent(string Source, MachineEventKind Kind, string Message)
{
    /// <summary>The source's place behind this event (<see cref="SourceMarks"/>): taken over once the generation has moved for it.</summary>
    public ulong? Mark { get; init; }

    /// <summary>The least generation it asks for; null: none.</summary>
    public uint? Minimum { get; init; }

    /// <summary>How long after the event the source may have noticed it.</summary>
    public TimeSpan Lateness { get; init; }

    /// <summary>When it was read, in ticks of the loop's clock.</summary>
    public required long NoticedAt { get; init; }

    /// <summary>Called once every connected sidecar shows the generation that this event led to.</summary>
    public Action<GenerationChange>? Published { get; init; }
}
