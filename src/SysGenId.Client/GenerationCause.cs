namespace SysGenId.Client;

/// <summary>Why a generation moved. The numbers are those of the counter page and never change.</summary>
public enum GenerationCause : uint
{
    /// <summary>It never moved: the generation of a node before its first bump (S01).</summary>
    None = 0,

    /// <summary>A container was restored from a checkpoint.</summary>
    ContainerRestored = 1,

    /// <summary>The machine was restored from a snapshot, or cloned.</summary>
    VirtualMachineRestored = 2,

    /// <summary>Somebody with the right to asked for it (S13).</summary>
    Forced = 3,

    /// <summary>The minimum generation of the node was raised.</summary>
    MinimumRaised = 4,

    /// <summary>The node's agent lost its state and went on above everything that may have been seen.</summary>
    AgentStateLost = 5,

    /// <summary>A cause that this version of the library does not know: the change itself is no less real.</summary>
    Unknown = uint.MaxValue,
}
