namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>What a page of vmclock said at one instant; nothing but the fault when it said nothing.</summary>
/// <param name="Fault">Why it says nothing.</param>
internal readonly record struct VmClockReading(VmClockFault Fault)
{
    /// <summary>Another one in each life that began with loading the machine's state; null: the hypervisor does not count them.</summary>
    public ulong? Generation { get; init; }

    /// <summary>Another one after each disruption of the machine's time; restores are such, too.</summary>
    public ulong Disruption { get; init; }

    /// <summary>Whether the hypervisor interrupts the machine after each update.</summary>
    public bool Notifies { get; init; }

    /// <summary>The number of the update that wrote this.</summary>
    public uint Sequence { get; init; }
}
