using System.Buffers.Binary;
using CsCheck;
using SysGenId.Operator.Node.Sources.VmClock;

namespace SysGenId.Operator.Tests.Node.Sources.VmClock;

public sealed class VmClockPageTests
{
    // As Firecracker writes it after the third restore.
    private static readonly byte[] _page = Page();

    [Fact]
    public void A_page_says_what_its_hypervisor_wrote() => Assert.Equal(
        new VmClockReading(VmClockFault.None) { Generation = 3, Disruption = 0x0102030405060708, Notifies = true, Sequence = 6 },
        VmClockPage.Parse(_page));

    [Fact]
    public void Without_the_flag_there_is_no_counter_whatever_stands_in_its_place()
    {
        var page = Page();
        page[25] = 0x02;
        Assert.Equal(new VmClockReading(VmClockFault.None) { Disruption = 0x0102030405060708, Notifies = true, Sequence = 6 }, VmClockPage.Parse(page));
    }

    [Fact]
    public void A_page_that_ends_before_the_counter_and_has_none_tells_of_disruptions()
    {
        var page = Page();
        (page[4], page[5], page[25]) = (0x68, 0, 0);
        Assert.Equal(new VmClockReading(VmClockFault.None) { Disruption = 0x0102030405060708, Sequence = 6 }, VmClockPage.Parse(page.AsSpan(0, 0x68)));
    }

    [Theory]
    [InlineData(0, 0x57, VmClockFault.WrongMagic)]
    [InlineData(8, 2, VmClockFault.UnknownVersion)]
    [InlineData(9, 1, VmClockFault.UnknownVersion)]
    [InlineData(5, 0, VmClockFault.TooSmall)]
    [InlineData(12, 7, VmClockFault.Unsettled)]
    public void A_page_that_is_not_as_it_should_be_says_nothing_but_why(int offset, byte value, object fault)
    {
        var page = Page();
        page[offset] = value;
        Assert.Equal(new VmClockReading((VmClockFault)fault), VmClockPage.Parse(page));
    }

    [Fact]
    public void A_page_cut_off_anywhere_before_the_end_of_its_counter_is_truncated() =>
        Assert.All(Enumerable.Range(0, VmClockPage.Length), length => Assert.Equal(VmClockFault.Truncated, VmClockPage.Parse(_page.AsSpan(0, length)).Fault));

    [Fact]
    public void Bytes_that_no_hypervisor_wrote_are_a_fault() => Gen.Byte.Array[0, 200].Sample(bytes =>
        Assert.Contains(VmClockPage.Parse(bytes).Fault, new[] { VmClockFault.Truncated, VmClockFault.WrongMagic }));

    [Fact]
    public void Any_change_of_a_good_page_is_a_reading_of_its_bytes_or_a_fault() =>
        Gen.Select(Gen.Int[0, VmClockPage.Length - 1], Gen.Byte, Gen.Int[0, VmClockPage.Length]).Array[0, 6].Sample(changes =>
        {
            var page = Page();
            var length = page.Length;
            foreach (var (offset, value, end) in changes)
            {
                page[offset] = value;
                if (end % 7 == 0) length = Math.Min(length, end);
            }

            var reading = VmClockPage.Parse(page.AsSpan(0, length));
            if (reading.Fault != VmClockFault.None)
            {
                Assert.Equal(new VmClockReading(reading.Fault), reading);
                return;
            }

            Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(16)), reading.Disruption);
            Assert.Equal((page[25] & 1) != 0, reading.Generation is not null);
            if (reading.Generation is { } generation) Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(0x68)), generation);
        });

    private static byte[] Page()
    {
        var page = new byte[4096];
        "VCLK"u8.CopyTo(page);
        page[5] = 0x10;
        page[8] = 1;
        page[10] = 0xFF;
        page[12] = 6;
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(16), 0x0102030405060708);
        page[25] = 0x03;
        page[0x68] = 3;
        return page;
    }
}
