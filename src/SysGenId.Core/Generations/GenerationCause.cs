namespace SysGenId.Core.Generations;

/// <summary>Why a generation moved. The numbers stand in the counter page, the names everywhere else; neither ever changes.</summary>
internal enum GenerationCause : uint
{
    /// <summary>It never moved: the generation of a node before its first bump (S01).</summary>
    None = 0,

    /// <summary>A container was restored from a CRIU checkpoint.</summary>
    ContainerRestored = 1,

    /// <summary>The machine was restored from a snapshot, or cloned.</summary>
    VirtualMachineRestored = 2,

    /// <summary>Somebody with the right to asked for it (S13).</summary>
    Forced = 3,

    /// <summary>The minimum generation of the node was raised.</summary>
    MinimumRaised = 4,

    /// <summary>The agent lost its state and went on above everything that may have been seen.</summary>
    AgentStateLost = 5,

    /// <summary>A cause that a newer version of the peer knows and this one does not: the bump itself is no less real.</summary>
    Unknown = uint.MaxValue,
}
