using SysGenId.Core.Generations;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Tests.Node.Sources;

public sealed class MachineEventsTests
{
    private const string Log = SourceNames.KernelLog;
    private const string Clock = SourceNames.VmClock;
    private const string Device = SourceNames.Device;

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Two_sources_of_one_event_are_one_bump_that_names_both()
    {
        using var intake = new EventIntake();
        intake.Report(Log, mark: 7);
        intake.Report(Clock, mark: 3);
        var change = Assert.Single(intake.History);
        Assert.Equal((1u, GenerationCause.VirtualMachineRestored, false), (change.Generation, change.Cause, change.IsSuspected));
        Assert.Equal([Log, Clock], change.Sources!);
        Assert.Equal("kernel-log says so; vmclock says so", change.Message);
        Assert.Equal((7ul, 3ul), (intake.Marks.Of(Log), intake.Marks.Of(Clock)));
        Assert.Equal([(Log, MachineEventKind.Restored), (Clock, MachineEventKind.Restored)], intake.Counted);
    }

    [Fact]
    public void Two_events_within_the_window_are_two_bumps_and_each_names_both()
    {
        using var intake = new EventIntake();
        foreach (var source in new[] { Log, Log, Clock, Clock }) intake.Report(source);
        Assert.Equal(2u, intake.Generation);
        Assert.All(intake.History, change => Assert.Equal([Log, Clock], change.Sources!));
    }

    [Fact]
    public void A_certain_report_makes_certain_what_was_suspected()
    {
        using var intake = new EventIntake();
        intake.Report(Log, MachineEventKind.Suspected);
        Assert.True(Assert.Single(intake.History).IsSuspected);
        intake.Report(Clock);
        Assert.False(Assert.Single(intake.History).IsSuspected);
    }

    [Fact]
    public void The_first_suspicion_bumps_at_once_and_those_of_the_minute_after_it_are_one_bump_at_its_end()
    {
        using var intake = new EventIntake();
        intake.Report(Log, MachineEventKind.Suspected, mark: 10);
        Assert.Equal(1u, intake.Generation);
        for (var count = 0u; count < 5; count++) intake.Report(Log, MachineEventKind.Suspected, mark: 11 + count);
        intake.Advance(MachineEvents.SuspicionPace - _second);
        Assert.Equal((1u, 10ul), (intake.Generation, intake.Marks.Of(Log)));
        intake.Advance(_second);
        Assert.Equal((2u, 15ul), (intake.Generation, intake.Marks.Of(Log)));
        Assert.All(intake.History, change => Assert.True(change.IsSuspected));
        intake.Advance(MachineEvents.SuspicionPace * 2);
        Assert.Equal(2u, intake.Generation);
        intake.Report(Log, MachineEventKind.Suspected);
        Assert.Equal(3u, intake.Generation);
    }

    [Fact]
    public void The_bump_at_the_end_of_the_minute_begins_another()
    {
        using var intake = new EventIntake();
        intake.Report(Log, MachineEventKind.Suspected);
        intake.Report(Log, MachineEventKind.Suspected);
        intake.Advance(MachineEvents.SuspicionPace);
        intake.Report(Log, MachineEventKind.Suspected);
        Assert.Equal(2u, intake.Generation);
        intake.Advance(MachineEvents.SuspicionPace);
        Assert.Equal(3u, intake.Generation);
    }

    [Fact]
    public void A_certain_event_answers_the_suspicion_that_waits()
    {
        using var intake = new EventIntake();
        var isPublished = false;
        intake.Report(Log, MachineEventKind.Suspected, mark: 10);
        intake.Advance(EventMerge.Window * 2);
        intake.Report(Log, MachineEventKind.Suspected, mark: 20, published: _ => isPublished = true);
        Assert.False(isPublished);
        intake.Report(Clock);
        Assert.Equal((2u, 20ul, true), (intake.Generation, intake.Marks.Of(Log), isPublished));
        intake.Advance(MachineEvents.SuspicionPace * 2);
        Assert.Equal(2u, intake.Generation);
    }

    [Fact]
    public void A_certain_event_that_joins_a_bump_before_the_suspicion_does_not_answer_it()
    {
        using var intake = new EventIntake();
        intake.Report(Log, MachineEventKind.Suspected, mark: 10);
        intake.Report(Log, MachineEventKind.Suspected, mark: 20);
        intake.Report(Clock);
        Assert.Equal((1u, 10ul), (intake.Generation, intake.Marks.Of(Log)));
        intake.Advance(MachineEvents.SuspicionPace);
        Assert.Equal((2u, 20ul), (intake.Generation, intake.Marks.Of(Log)));
    }

    [Fact]
    public void A_certain_event_of_a_source_whose_suspicion_waits_is_a_bump_of_its_own()
    {
        using var intake = new EventIntake();
        intake.Report(Clock);
        intake.Report(Log, MachineEventKind.Suspected, mark: 10);
        intake.Advance(EventMerge.Window * 2);
        intake.Report(Log, MachineEventKind.Suspected, mark: 20);
        Assert.Equal(2u, intake.Generation);
        intake.Report(Log, MachineEventKind.Suspected, mark: 30);
        intake.Report(Device);
        intake.Report(Log, mark: 31);
        Assert.Equal((3u, 31ul), (intake.Generation, intake.Marks.Of(Log)));
        intake.Advance(MachineEvents.SuspicionPace * 2);
        Assert.Equal((3u, 31ul), (intake.Generation, intake.Marks.Of(Log)));
    }

    [Fact]
    public void A_suspicion_that_joins_a_young_bump_does_not_wait()
    {
        using var intake = new EventIntake();
        intake.Report(Log, MachineEventKind.Suspected);
        intake.Advance(EventMerge.Window * 2);
        intake.Report(Clock);
        intake.Report(Log, MachineEventKind.Suspected, mark: 20);
        Assert.Equal((2u, 20ul), (intake.Generation, intake.Marks.Of(Log)));
        intake.Advance(MachineEvents.SuspicionPace * 2);
        Assert.Equal(2u, intake.Generation);
    }

    [Fact]
    public void The_mark_of_a_source_stays_before_an_event_that_waits()
    {
        using var intake = new EventIntake();
        intake.Report(Log, MachineEventKind.Suspected, mark: 10);
        intake.Report(Log, MachineEventKind.Suspected, mark: 20);
        intake.Follow(Log, 25);
        intake.Follow(Clock, 4);
        Assert.Equal((10ul, 4ul), (intake.Marks.Of(Log), intake.Marks.Of(Clock)));
        intake.Advance(MachineEvents.SuspicionPace);
        Assert.Equal(20ul, intake.Marks.Of(Log));
        intake.Follow(Log, 26);
        Assert.Equal(26ul, intake.Marks.Of(Log));
    }

    [Fact]
    public void A_disruption_is_recorded_and_moves_nothing()
    {
        using var intake = new EventIntake();
        intake.Report(Clock, MachineEventKind.Disrupted, mark: 5);
        var line = Assert.Single(intake.History);
        Assert.Equal((0u, 0u, ChangeOutcome.Recorded), (intake.Generation, line.Generation, line.Outcome));
        Assert.Equal([Clock], line.Sources!);
        Assert.Equal(5ul, intake.Marks.Of(Clock));
        Assert.Equal([(Clock, MachineEventKind.Disrupted)], intake.Counted);
    }

    [Fact]
    public void A_disruption_bumps_where_that_is_wanted()
    {
        using var intake = new EventIntake(bumpsOnDisruption: true);
        intake.Report(Clock, MachineEventKind.Disrupted);
        Assert.Equal((1u, false), (intake.Generation, Assert.Single(intake.History).IsSuspected));
    }

    [Fact]
    public void What_a_full_disk_refuses_is_tried_again_until_it_is_made_and_is_one_bump()
    {
        using var intake = new EventIntake(room: 0) { IsDiskFull = true };
        intake.Report(Log, mark: 10);
        intake.Report(Log, mark: 11);
        intake.Report(Log, MachineEventKind.Suspected, mark: 12);
        intake.Report(Clock, mark: 2);
        intake.Follow(Log, 13);
        intake.Advance(_second * 20);
        Assert.Equal((0u, null, null), (intake.Generation, intake.Marks.Of(Log), intake.Marks.Of(Clock)));
        intake.IsDiskFull = false;
        intake.Advance(_second * 5);
        Assert.Equal((1u, 12ul, 2ul), (intake.Generation, intake.Marks.Of(Log), intake.Marks.Of(Clock)));
        var change = Assert.Single(intake.History);
        Assert.Equal([Log, Clock], change.Sources!.Order());
        Assert.False(change.IsSuspected);
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], intake.Durations);
    }

    [Fact]
    public void A_minimum_is_reached_also_by_one_that_joins()
    {
        using var intake = new EventIntake();
        intake.Report(Log);
        intake.Report(Device, minimum: 900);
        Assert.Equal([1u, 900u], intake.History.Select(change => change.Generation));
        Assert.Equal([Log, Device], intake.History[0].Sources!);
    }

    [Fact]
    public void A_bump_for_the_sake_of_a_minimum_is_no_other_event()
    {
        using var intake = new EventIntake();
        intake.Report(Log);
        intake.Report(Device, minimum: 900);
        intake.Report(Log);
        Assert.Equal([1u, 900u, 901u], intake.History.Select(change => change.Generation));
    }

    [Fact]
    public void Nobody_waits_where_no_sidecar_is_connected()
    {
        using var intake = new EventIntake();
        GenerationChange? published = null;
        intake.Report(Log, published: change => published = change);
        Assert.Equal(1u, published?.Generation);
        Assert.Equal([TimeSpan.Zero], intake.Durations);
    }

    [Fact]
    public void A_change_is_published_when_the_last_sidecar_has_confirmed_it_or_has_gone()
    {
        using var intake = new EventIntake();
        var published = new List<uint>();
        var (one, other, third) = (intake.Connect("one"), intake.Connect("other"), intake.Connect("third"));
        intake.Report(Log, published: change => published.Add(change.Generation));
        intake.Report(Clock, published: change => published.Add(change.Generation));
        intake.Confirm(one);
        intake.Advance(_second);
        intake.Confirm(other);
        Assert.Empty(published);
        intake.Remove(third);
        Assert.Equal([1u, 1u], published);
        Assert.Equal([_second, _second], intake.Durations);
    }

    [Fact]
    public void A_sidecar_that_is_late_is_still_waited_for_after_the_complaint()
    {
        using var intake = new EventIntake();
        var isPublished = false;
        var sidecar = intake.Connect("one");
        intake.Report(Log, published: _ => isPublished = true);
        intake.Advance(TimeSpan.FromHours(1));
        Assert.False(isPublished);
        intake.Confirm(sidecar);
        Assert.True(isPublished);
    }
}
