namespace SysGenId.Operator.Node.Sources.HostDevice;

/// <summary>How to take an answer of the kernel's device.</summary>
internal enum DeviceAnswerKind
{
    /// <summary>A generation was read, or the ack taken.</summary>
    Accepted,

    /// <summary>There is nothing to read: this watcher is up to date (S07).</summary>
    UpToDate,

    /// <summary>The ack is of a generation that is no longer current (S09).</summary>
    MovedOn,

    /// <summary>What the contract knows nothing of.</summary>
    Broken,
}
