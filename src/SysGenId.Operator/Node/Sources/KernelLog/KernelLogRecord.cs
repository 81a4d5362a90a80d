using System.Buffers.Text;

namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>
/// One record as the kernel's log device gives it (the kernel's Documentation/ABI/testing/dev-kmsg): pure, and without a
/// copy. <c>priority,sequence,microseconds,flags[,more];text</c>, and lines behind it that begin with a space.
/// </summary>
internal readonly ref struct KernelLogRecord
{
    /// <summary>The longest record of all kernels, in bytes (CONSOLE_EXT_LOG_MAX; PRINTK_MESSAGE_MAX is a quarter of it since 6.4).</summary>
    public const int MaximumLength = 8192;

    // The priority's lower three bits are the level (syslog).
    private const int LevelBits = 3;
    private const uint KernelFacility = 0;

    private KernelLogRecord(uint facility, ulong sequence, ulong microseconds, ReadOnlySpan<byte> text)
    {
        (Facility, Sequence, Microseconds) = (facility, sequence, microseconds);
        Text = text;
    }

    /// <summary>Who printed it: 0 is the kernel, and the kernel lets nobody else use it.</summary>
    public uint Facility { get; }

    /// <summary>Its number: one more than that of the record before.</summary>
    public ulong Sequence { get; }

    /// <summary>When, on the kernel's own clock, which begins with the boot.</summary>
    public ulong Microseconds { get; }

    /// <summary>The text, with what is not printable escaped; part of the buffer.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>
    /// Whether the kernel says that this machine was forked: the id of vmgenid changed, and it reseeded its random numbers.
    /// There is no other word of it (drivers/char/random.c, since 5.18).
    /// </summary>
    public bool IsFork => Facility == KernelFacility && Text.SequenceEqual("random: crng reseeded due to virtual machine fork"u8);

    /// <summary>Takes a record apart; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out KernelLogRecord record)
    {
        record = default;
        if (!TryTake(ref bytes, out var priority) || !TryTake(ref bytes, out var sequence) || !TryTake(ref bytes, out var microseconds)) return false;
        var text = bytes.IndexOf((byte)';') + 1;
        if (text == 0 || priority > uint.MaxValue) return false;
        bytes = bytes[text..];
        var end = bytes.IndexOf((byte)'\n');
        record = new KernelLogRecord((uint)priority >> LevelBits, sequence, microseconds, end < 0 ? bytes : bytes[..end]);
        return true;
    }

    // A number and the comma behind it.
    private static bool TryTake(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        if (!Utf8Parser.TryParse(bytes, out number, out var length) || length >= bytes.Length || bytes[length] != ',') return false;
        bytes = bytes[(length + 1)..];
        return true;
    }
}
