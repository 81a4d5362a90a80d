using System.Buffers.Binary;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>A page that is read: the way where mapping is refused, and the only one that makes the device notify again.</summary>
internal sealed class VmClockFile(Descriptor file) : IVmClockMemory
{
    public Errno ReadSequence(out uint sequence)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        var count = Files.TryReadAt(file, word, VmClockPage.SequenceOffset, out var error);
        sequence = BinaryPrimitives.ReadUInt32LittleEndian(word);
        return count >= 0 && count < word.Length ? Errno.EIO : error;
    }

    public Errno Copy(Span<byte> page, out int count)
    {
        count = Math.Max(0, Files.TryReadAt(file, page, 0, out var error));
        return error;
    }
}
