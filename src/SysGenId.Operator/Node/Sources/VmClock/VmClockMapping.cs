using System.Buffers.Binary;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>A page that is mapped: looking at it is no system call.</summary>
internal sealed unsafe class VmClockMapping(SharedPage page) : IVmClockMemory, IDisposable
{
    public Errno ReadSequence(out uint sequence)
    {
        sequence = Volatile.Read(ref *(uint*)(page.Start + VmClockPage.SequenceOffset));
        if (!BitConverter.IsLittleEndian) sequence = BinaryPrimitives.ReverseEndianness(sequence);
        return Errno.None;
    }

    public Errno Copy(Span<byte> target, out int count)
    {
        count = Math.Min(target.Length, VmClockPage.Length);
        new ReadOnlySpan<byte>(page.Start, count).CopyTo(target);
        return Errno.None;
    }

    public void Dispose() => page.Dispose();
}
