using System.Text;
using CsCheck;
using SysGenId.Operator.Node.Sources.KernelLog;

namespace SysGenId.Operator.Tests.Node.Sources.KernelLog;

public sealed class KernelLogRecordTests
{
    private const string Fork = ScriptedKernelLog.Fork;

    // What a record is made of, to be put together well or badly.
    private static readonly Gen<string> _pieces = Gen.OneOf(
        Gen.OneOf(Fork, Fork + "\n", "0", "5", "8", "13", ",", ";", "-", "-;", ",-;", "5,341,1279028,-;", "13,341,1279028,-;", "\n SUBSYSTEM=acpi\n", "18446744073709551615", "18446744073709551616", "-5", "+5", " "),
        Gen.UInt.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.String);

    [Theory]
    [InlineData("5,341,1279028,-;random: crng reseeded due to virtual machine fork\n", 0, 341, 1279028, Fork)]
    [InlineData("5,341,1279028,-,caller=T1;random: crng reseeded due to virtual machine fork\n", 0, 341, 1279028, Fork)]
    [InlineData("6,339,5140900,-;NET: Registered PF_VSOCK protocol family\n SUBSYSTEM=acpi\n DEVICE=+acpi:VMGENCTR:00\n", 0, 339, 5140900, "NET: Registered PF_VSOCK protocol family")]
    [InlineData("30,900,77000000,-;systemd[1]: a; b, c\n", 3, 900, 77000000, "systemd[1]: a; b, c")]
    [InlineData("4,18,0,c;continued\n", 0, 18, 0, "continued")]
    [InlineData("14,1,2,-;", 1, 1, 2, "")]
    [InlineData("2047,1,2,-;no newline", 255, 1, 2, "no newline")]
    public void A_record_is_taken_apart(string bytes, uint facility, ulong sequence, ulong microseconds, string text)
    {
        Assert.True(KernelLogRecord.TryParse(Encoding.UTF8.GetBytes(bytes), out var record));
        Assert.Equal((facility, sequence, microseconds, text), (record.Facility, record.Sequence, record.Microseconds, Encoding.UTF8.GetString(record.Text)));
        Assert.Equal(text == Fork && facility == 0, record.IsFork);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" SUBSYSTEM=acpi\n")]
    [InlineData("5,341,1279028")]
    [InlineData("5,341,1279028,-")]
    [InlineData("5,341;random: crng reseeded due to virtual machine fork\n")]
    [InlineData("x,341,1279028,-;random: crng reseeded due to virtual machine fork\n")]
    [InlineData("-8,341,1279028,-;random: crng reseeded due to virtual machine fork\n")]
    [InlineData("4294967296,341,1279028,-;random: crng reseeded due to virtual machine fork\n")]
    [InlineData("5,18446744073709551616,1279028,-;random: crng reseeded due to virtual machine fork\n")]
    [InlineData("<5>random: crng reseeded due to virtual machine fork\n")]
    public void What_is_no_record_is_told_apart(string bytes) => Assert.False(KernelLogRecord.TryParse(Encoding.UTF8.GetBytes(bytes), out _));

    [Theory]
    [InlineData("5,1,2,-;random: crng reseeded due to virtual machine fork.\n")]
    [InlineData("5,1,2,-; random: crng reseeded due to virtual machine fork\n")]
    [InlineData("5,1,2,-;kernel: random: crng reseeded due to virtual machine fork\n")]
    [InlineData("5,1,2,-;random: crng reseeded due to virtual machine fork\\x0a\n")]
    [InlineData("5,1,2,-;x\n random: crng reseeded due to virtual machine fork\n")]
    [InlineData("5,1,2,-;x\nrandom: crng reseeded due to virtual machine fork\n")]
    [InlineData("5,1,2,-;random: crng reseeded on system resumption\n")]
    public void Only_the_very_line_is_a_fork(string bytes)
    {
        Assert.True(KernelLogRecord.TryParse(Encoding.UTF8.GetBytes(bytes), out var record));
        Assert.False(record.IsFork);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(13, false)]
    [InlineData(2048, false)]
    public void Only_the_kernel_says_that_it_is_a_fork(uint priority, bool isFork)
    {
        Assert.True(KernelLogRecord.TryParse(Encoding.UTF8.GetBytes($"{priority},1,2,-;{Fork}\n"), out var record));
        Assert.Equal(isFork, record.IsFork);
    }

    [Fact]
    public void Whatever_it_is_given_it_returns() => Gen.Byte.Array[0, 200].Sample(bytes => !IsForkOfKernel(bytes, out var facility) || facility == 0);

    [Fact]
    public void No_bytes_are_a_fork_that_do_not_begin_with_a_priority_of_the_kernel() => _pieces.Array[0, 12].Sample(pieces =>
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(pieces));
        if (!IsForkOfKernel(bytes, out var facility)) return;
        Assert.Equal(0u, facility);
        Assert.Contains((char)bytes[0], "01234567");
        Assert.Contains(';' + Fork, string.Concat(pieces), StringComparison.Ordinal);
    });

    private static bool IsForkOfKernel(byte[] bytes, out uint facility)
    {
        var isRecord = KernelLogRecord.TryParse(bytes, out var record);
        facility = record.Facility;
        return isRecord && record.IsFork;
    }
}
