using CsCheck;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.Sources.VmClock;

namespace SysGenId.Operator.Tests.Node.Sources.VmClock;

public sealed class VmClockPlaceTests
{
    [Fact]
    public void Where_nothing_is_known_nothing_has_happened() => Assert.Null(default(VmClockPlace).Since(Reading(7, 3)));

    [Fact]
    public void Another_counter_is_a_restore_whether_it_rose_or_fell_and_whatever_the_marker_says() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.ULong).Sample((before, now, marked, marker) => Assert.Equal(
            before == now, new VmClockPlace(before, marked).Since(Reading(now, marker)) is not MachineEventKind.Restored));

    [Fact]
    public void Another_marker_alone_is_a_disruption() => Assert.Equal(MachineEventKind.Disrupted, new VmClockPlace(7, 3).Since(Reading(7, 4)));

    [Fact]
    public void Another_marker_where_nothing_is_counted_is_a_disruption() =>
        Assert.Equal(MachineEventKind.Disrupted, new VmClockPlace(null, 3).Since(Reading(null, 4)));

    [Fact]
    public void A_counter_that_appears_while_time_goes_on_is_no_event() => Assert.Null(new VmClockPlace(null, 3).Since(Reading(7, 3)));

    [Fact]
    public void A_disruption_after_which_the_counter_is_there_or_gone_may_have_been_a_restore()
    {
        Assert.Equal(MachineEventKind.Suspected, new VmClockPlace(null, 3).Since(Reading(7, 4)));
        Assert.Equal(MachineEventKind.Suspected, new VmClockPlace(7, 3).Since(Reading(null, 4)));
    }

    [Fact]
    public void A_counter_that_is_gone_is_compared_with_the_one_that_comes_back()
    {
        var away = new VmClockPlace(7, 3).After(Reading(null, 3));
        Assert.Null(away.Since(Reading(7, 3)));
        Assert.Equal(MachineEventKind.Restored, away.Since(Reading(8, 3)));
    }

    [Fact]
    public void What_was_taken_note_of_does_not_happen_again() =>
        Gen.Select(Gen.ULong.Nullable(), Gen.ULong.Nullable(), Gen.ULong.Nullable(), Gen.ULong).Sample((counted, marked, counter, marker) =>
            Assert.Null(new VmClockPlace(counted, marked).After(Reading(counter, marker)).Since(Reading(counter, marker))));

    private static VmClockReading Reading(ulong? generation, ulong disruption) =>
        new(VmClockFault.None) { Generation = generation, Disruption = disruption };
}
