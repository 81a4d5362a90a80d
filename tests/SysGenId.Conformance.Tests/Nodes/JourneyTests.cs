using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Conformance.Tests.Scenarios;

namespace SysGenId.Conformance.Tests.Nodes;

/// <summary>S20 to S24 and S28, as one container lives through them.</summary>
public sealed class JourneyTests(Journeys journeys) : ConformanceTest
{
    [Theory, Over(Capability.Containers)]
    public async Task S20_the_first_value_that_any_program_of_a_restored_container_sees_is_the_new_one(string over)
    {
        var journey = await journeys.OverAsync(over);
        foreach (var arrival in (Arrival[])[journey.AfterMoving, journey.AtHome, journey.FromFarAhead])
            Assert.All(arrival.FirstSeen.Values, seen => Assert.Equal(arrival.Pod, seen));
    }

    [Theory, Over(Capability.Containers)]
    public async Task S21_a_container_that_moves_to_a_node_far_behind_sees_one_more_than_it_left(string over)
    {
        var journey = await journeys.OverAsync(over);
        Assert.Equal(Journey.Home, journey.Record.Generation);
        Assert.Equal(Journey.Abroad, journey.AfterMoving.PodBefore);
        Assert.Equal((Journey.Home + 1, Journey.Home + 1), (journey.AfterMoving.Pod, journey.AfterMoving.Node));
    }

    [Theory, Over(Capability.Containers)]
    public async Task S22_a_container_is_dumped_while_it_watches_and_watches_again_when_restored(string over)
    {
        var journey = await journeys.OverAsync(over);
        Assert.Equal(journey.Watchers, journey.Record.Watchers);
        Assert.Equal(("", ""), (journey.AfterMoving.LateWait, journey.AtHome.LateWait));
    }

    [Theory, Over(Capability.Containers)]
    public async Task S23_a_wait_right_after_a_restore_does_not_succeed_before_the_returned_have_acknowledged(string over)
    {
        var journey = await journeys.OverAsync(over);
        foreach (var arrival in (Arrival[])[journey.AfterMoving, journey.AtHome])
        {
            // Who is connected and has yet to say that it comes back is counted beside its place.
            Assert.Equal(journey.Watchers, arrival.Counts.Outdated);
            Assert.InRange(arrival.Counts.Watchers, journey.Watchers, 2 * journey.Watchers);
            Assert.Equal(("timed-out", ""), (arrival.EarlyWait, arrival.LateWait));
        }
    }

    [Theory, Over(Capability.Containers)]
    public async Task S24_two_clones_reach_the_same_number_and_never_share_its_name(string over)
    {
        var journey = await journeys.OverAsync(over);
        Assert.Equal(journey.AtHome.Pod, journey.AfterMoving.Pod);
        Guid[] names = [Guid.Empty, journey.IdAtDump, journey.AtHome.Id, journey.AfterMoving.Id, journey.FromFarAhead.Id];
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Theory, Over(Capability.Containers)]
    public async Task S26_by_default_a_restore_is_seen_by_every_pod_of_the_node(string over)
    {
        var journey = await journeys.OverAsync(over);
        Assert.Equal(journey.AfterMoving.Node, journey.Neighbour.Moved);
    }

    [Theory, Over(Capability.Containers)]
    public async Task S28_a_record_from_far_ahead_raises_the_restored_pod_alone(string over)
    {
        var journey = await journeys.OverAsync(over);
        Assert.Equal(Journey.FarAhead + 1, journey.FromFarAhead.Pod);
        Assert.Equal((Journey.Home + 2, Journey.Home + 2), (journey.FromFarAhead.Node, journey.Neighbour.FarAhead));
    }
}
