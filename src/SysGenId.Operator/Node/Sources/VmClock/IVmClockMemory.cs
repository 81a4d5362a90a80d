using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>A way to the bytes of a page that somebody else may be writing to.</summary>
internal interface IVmClockMemory
{
    /// <summary>The number of the last update that has begun or ended.</summary>
    Errno ReadSequence(out uint sequence);

    /// <summary>Copies the page's beginning, which may be torn; how many bytes there were.</summary>
    Errno Copy(Span<byte> page, out int count);
}
