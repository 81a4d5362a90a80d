namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>How far a machine's page was followed: pure.</summary>
/// <param name="Generation">The last counter; null: none was seen.</param>
/// <param name="Disruption">The last marker; null: the page was never followed.</param>
internal readonly record struct VmClockPlace(ulong? Generation, ulong? Disruption)
{
    /// <summary>Whether there is anything to compare with.</summary>
    public bool IsUnknown => Generation is null && Disruption is null;

    /// <summary>What happened since, when anything did.</summary>
    public MachineEventKind? Since(VmClockReading now)
    {
        if (IsUnknown) return null;
        if (Generation is { } counted && now.Generation is { } counter && counted != counter) return MachineEventKind.Restored;
        if (Disruption is not { } marked || marked == now.Disruption) return null;

        // Another marker, and a counter on one side only: another hypervisor carries the machine on, and whether from a
        // stored state, of which there may be copies, nobody says.
        return Generation is null == now.Generation is null ? MachineEventKind.Disrupted : MachineEventKind.Suspected;
    }

    /// <summary>Where that reading leaves it. A counter that is not told any more is remembered: it may be told again.</summary>
    public VmClockPlace After(VmClockReading now) => new(now.Generation ?? Generation, now.Disruption);
}
