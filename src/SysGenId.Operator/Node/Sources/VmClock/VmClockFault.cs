namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>Why a page of vmclock says nothing.</summary>
internal enum VmClockFault
{
    /// <summary>It says something.</summary>
    None,

    /// <summary>Its content ends before the fields that are needed.</summary>
    Truncated,

    /// <summary>It does not begin with vmclock's magic number.</summary>
    WrongMagic,

    /// <summary>Its layout is of a version that is not known here.</summary>
    UnknownVersion,

    /// <summary>By its own size it has no room for what its flags say it has.</summary>
    TooSmall,

    /// <summary>The hypervisor was updating it all the time it was looked at.</summary>
    Unsettled,

    /// <summary>The device gives nothing.</summary>
    Unreadable,
}
