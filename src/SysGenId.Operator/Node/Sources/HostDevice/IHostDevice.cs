using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.HostDevice;

/// <summary>The kernel's device, opened as one watcher (S05). Loop thread only.</summary>
internal interface IHostDevice : IDisposable
{
    /// <summary>Readable from a bump until its ack (S10).</summary>
    Descriptor Watcher { get; }

    /// <summary>The generation of the machine by the mapped page (S15); null: it offers none.</summary>
    uint? Current { get; }

    /// <summary>Reads without waiting (S06 to S08).</summary>
    DeviceAnswer Read();

    /// <summary>Says that this watcher has adapted (S09).</summary>
    DeviceAnswer Acknowledge(uint generation);
}
