using System.Buffers.Binary;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>
/// The layout of the page that a hypervisor shares with its guest, little-endian everywhere: struct vmclock_abi of Linux'
/// include/uapi/linux/vmclock-abi.h. Pure.
/// </summary>
internal static class VmClockPage
{
    /// <summary>seq_count: odd while the fields behind it are being updated.</summary>
    public const int SequenceOffset = 0x0C;

    /// <summary>Up to the end of vm_generation_counter, the last field there is; the rest of the page is not defined yet.</summary>
    public const int Length = GenerationOffset + sizeof(ulong);

    /// <summary>"VCLK".</summary>
    public const uint Magic = 0x4B4C4356;

    /// <summary>The only one there is.</summary>
    public const ushort Version = 1;

    public const int MagicOffset = 0x00;
    public const int SizeOffset = 0x04;
    public const int VersionOffset = 0x08;
    public const int DisruptionOffset = 0x10;
    public const int FlagsOffset = 0x18;
    public const int GenerationOffset = 0x68;

    /// <summary>VMCLOCK_FLAG_VM_GEN_COUNTER_PRESENT.</summary>
    public const ulong GenerationPresent = 1 << 8;

    /// <summary>VMCLOCK_FLAG_NOTIFICATION_PRESENT: an interrupt follows each update.</summary>
    public const ulong NotificationPresent = 1 << 9;

    // What every page has: VMCLOCK_MIN_SIZE of drivers/ptp/ptp_vmclock.c. Older ones end before the counter.
    private const int LeastLength = FlagsOffset + sizeof(ulong);

    /// <summary>Reads a copy of a page, or of its beginning.</summary>
    public static VmClockReading Parse(ReadOnlySpan<byte> page)
    {
        if (page.Length < LeastLength) return new VmClockReading(VmClockFault.Truncated);
        if (Word(page, MagicOffset) != Magic) return new VmClockReading(VmClockFault.WrongMagic);
        if (BinaryPrimitives.ReadUInt16LittleEndian(page[VersionOffset..]) != Version) return new VmClockReading(VmClockFault.UnknownVersion);
        var (size, flags, sequence) = (Word(page, SizeOffset), Long(page, FlagsOffset), Word(page, SequenceOffset));
        var counts = (flags & GenerationPresent) != 0;
        if (size < (counts ? Length : LeastLength)) return new VmClockReading(VmClockFault.TooSmall);
        if (IsUpdating(sequence)) return new VmClockReading(VmClockFault.Unsettled);
        if (counts && page.Length < Length) return new VmClockReading(VmClockFault.Truncated);
        return new VmClockReading(VmClockFault.None)
        {
            Generation = counts ? Long(page, GenerationOffset) : null,
            Disruption = Long(page, DisruptionOffset),
            Notifies = (flags & NotificationPresent) != 0,
            Sequence = sequence,
        };
    }

    /// <summary>Whether an update has begun that has not ended.</summary>
    public static bool IsUpdating(uint sequence) => (sequence & 1) != 0;

    private static uint Word(ReadOnlySpan<byte> page, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(page[offset..]);

    private static ulong Long(ReadOnlySpan<byte> page, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(page[offset..]);
}
