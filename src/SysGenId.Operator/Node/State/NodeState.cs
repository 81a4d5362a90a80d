using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Node.State;

/// <summary>What outlives the machine.</summary>
internal sealed record NodeState
{
    /// <summary>The schema version written here.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>No number above this was ever given out.</summary>
    public required uint Ceiling { get; init; }

    /// <summary>The boot it was written in; the counter page of that boot knows better.</summary>
    public string BootId { get; init; } = "";

    /// <summary>Whether the agent ended in good order: then <see cref="Current"/> is exact and the ceiling need not be jumped.</summary>
    public bool IsClean { get; init; }

    /// <summary>The newest change when it was written.</summary>
    public required GenerationChange Current { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<GenerationChange> History { get; init; } = [];

    /// <summary>How far each event source was followed in <see cref="BootId"/>, by its name.</summary>
    public IReadOnlyDictionary<string, ulong>? SourceMarks { get; init; }
}
