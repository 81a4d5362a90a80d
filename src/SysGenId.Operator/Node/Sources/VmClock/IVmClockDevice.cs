using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>An open vmclock. Loop thread only.</summary>
internal interface IVmClockDevice : IDisposable
{
    /// <summary>Readable, if it can be waited for at all, when the page is another than <see cref="Rearm"/> has seen.</summary>
    Descriptor Notifications { get; }

    /// <summary>What the page says.</summary>
    VmClockReading Look();

    /// <summary>What the page says, and notify when it says something else.</summary>
    VmClockReading Rearm();

    /// <summary>The bytes behind the last reading.</summary>
    ReadOnlySpan<byte> Bytes { get; }
}
