using System.Text;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Agent;

public sealed class AgentLinkTests
{
    [Fact]
    public void It_registers_with_its_directory_and_what_its_page_says()
    {
        using var sidecar = SidecarUnderTest.Started();
        using var link = sidecar.Agent.Accept();
        var registration = link.TakeRegistration();
        Assert.Equal((1, sidecar.Directory, 0u), (registration.Protocol!.Value, registration.Directory, registration.Generation!.Value));
        Assert.Equal(Guid.Empty, registration.Id);
    }

    [Fact]
    public void Sockets_are_not_there_before_the_first_generation()
    {
        using var sidecar = SidecarUnderTest.Started(options => options with { RegistrationPatience = TimeSpan.FromHours(1) });
        using var link = sidecar.Agent.AcceptRegistered();
        Assert.False(File.Exists(sidecar.WatchPath));
        link.Deliver(7);
        using var watcher = sidecar.Watch();
        Assert.Equal(7u, watcher.Read());
    }

    [Fact]
    public async Task Without_an_agent_it_serves_what_the_page_says_after_a_second()
    {
        using var sidecar = SidecarUnderTest.Started();
        await sidecar.ServesAsync();
        using var watcher = sidecar.Watch();
        Assert.Equal(0u, watcher.Read());
        Assert.False(sidecar.HasFlag(PageFlags.AgentConnected));

        using var link = sidecar.Agent.AcceptRegistered();
        link.Deliver(7);
        Assert.Equal(7u, watcher.Read());
        Assert.True(sidecar.HasFlag(PageFlags.AgentConnected));
    }

    [Fact]
    public void S01_a_fresh_page_takes_the_nodes_generation_as_it_is()
    {
        using var sidecar = SidecarUnderTest.Started();
        using var link = sidecar.Agent.AcceptRegistered();
        Assert.Equal(0u, link.Deliver(0).Generation);
        Assert.Equal(1u, link.Deliver(0).Generation);
    }

    [Fact]
    public void S28_each_delivery_publishes_the_pods_next_number_or_the_nodes_if_that_is_higher()
    {
        using var sidecar = SidecarUnderTest.At(7);
        Assert.Equal(8u, sidecar.Link.Deliver(7).Generation);
        Assert.Equal(9u, sidecar.Link.Deliver(3).Generation);
        Assert.Equal(100u, sidecar.Link.Deliver(100).Generation);
    }

    [Fact]
    public void S21_a_minimum_raises_this_pod_above_the_node()
    {
        using var sidecar = SidecarUnderTest.At(3);
        Assert.Equal(901u, sidecar.Link.Deliver(4, minimum: 901).Generation);
        Assert.Equal(902u, sidecar.Link.Deliver(5).Generation);
    }

    [Fact]
    public void The_same_change_again_is_confirmed_and_published_once()
    {
        using var sidecar = SidecarUnderTest.At(7);
        var id = Guid.NewGuid();
        Assert.Equal(8u, sidecar.Link.Deliver(8, id: id).Generation);
        var again = sidecar.Link.Deliver(8, id: id);
        Assert.Equal((8u, id), (again.Generation!.Value, again.Id!.Value));
        Assert.Equal(8u, sidecar.Page().Generation);
    }

    [Fact]
    public void The_same_change_after_one_forced_here_is_still_the_same()
    {
        Requires.Root();
        using var sidecar = SidecarUnderTest.At(7);
        var id = Guid.NewGuid();
        sidecar.Link.Deliver(8, id: id);
        using (var control = sidecar.Control()) control.Request(Operation.Force);
        Assert.Equal(9u, sidecar.Link.Deliver(8, id: id).Generation);
    }

    [Fact]
    public void S02_at_the_last_number_a_delivery_is_answered_with_an_error_and_nothing_changes()
    {
        using var sidecar = SidecarUnderTest.At(uint.MaxValue);
        var before = sidecar.Page();
        var answer = sidecar.Link.Deliver(uint.MaxValue);
        Assert.Equal((ErrorCode.GenerationExhausted, uint.MaxValue), (answer.Error, answer.Generation!.Value));
        Assert.Equal(before, sidecar.Page());
    }

    [Fact]
    public async Task S27_the_gate_flag_follows_the_agent_and_goes_with_it()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Link.Deliver(8, gateProven: true);
        Assert.True(sidecar.HasFlag(PageFlags.GateProven));
        sidecar.Link.Send(new Message { Op = Operation.Gate, GateProven = false });
        await Eventually.HoldsAsync(() => !sidecar.HasFlag(PageFlags.GateProven));
        sidecar.Link.Send(new Message { Op = Operation.Gate, GateProven = true });
        await Eventually.HoldsAsync(() => sidecar.HasFlag(PageFlags.GateProven));
        sidecar.RestartAgent();
        await Eventually.HoldsAsync(() => sidecar.Page().Flags == PageFlags.None);
    }

    [Fact]
    public async Task While_the_agent_is_away_the_last_generation_is_served_and_afterwards_the_missed_one()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        watcher.Read();
        sidecar.RestartAgent();
        await Eventually.HoldsAsync(() => !sidecar.HasFlag(PageFlags.AgentConnected));
        using (var late = sidecar.Watch()) Assert.Equal(7u, late.Read());

        using var link = sidecar.Agent.Accept();
        Assert.Equal(7u, link.TakeRegistration().Generation);
        link.Deliver(12);
        Assert.Equal(12u, watcher.Read());
        Assert.True(sidecar.HasFlag(PageFlags.AgentConnected));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"op":"generation"}""")]
    [InlineData("""{"op":"generation","generation":4294967296,"id":"6e0b3e35-79a5-4c5b-8f0c-a4b1ad1e6f10"}""")]
    [InlineData("""{"op":"expect-watchers"}""")]
    [InlineData("""{"op":"quiesce"}""")]
    [InlineData("""{"op":"resume"}""")]
    [InlineData("""{"op":"gate"}""")]
    public void An_agent_that_cannot_be_understood_is_left_and_found_again(string line)
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        watcher.Read();
        sidecar.Link.SendText(line);
        using var link = sidecar.Agent.AcceptRegistered();
        link.Deliver(8);
        Assert.Equal(8u, watcher.Read());
    }

    [Fact]
    public void An_agent_that_floods_without_an_end_of_line_is_left()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Link.TrySend(Encoding.UTF8.GetBytes(new string('x', 100_000)));
        using var link = sidecar.Agent.AcceptRegistered();
        Assert.Equal(8u, link.Deliver(8).Generation);
    }

    [Fact]
    public void Operations_and_answers_that_are_not_known_are_passed_over()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Link.SendText("""{"op":"from-the-future","x":{"y":[1]}}""");
        sidecar.Link.SendText("""{"ok":false,"error":"unsupported-operation","message":"stats?"}""");
        Assert.Equal(8u, sidecar.Link.Deliver(8).Generation);
    }

    [Theory]
    [InlineData("""{"ok":false,"error":"permission-denied","message":"who are you?"}""")]
    [InlineData("""{"op":"generation","generation":5,"id":"6e0b3e35-79a5-4c5b-8f0c-a4b1ad1e6f10"}""")]
    [InlineData("nonsense")]
    public void A_registration_that_is_not_taken_is_tried_again(string answer)
    {
        using var sidecar = SidecarUnderTest.Started();
        using (var refusing = sidecar.Agent.Accept())
        {
            refusing.Receive();
            refusing.SendText(answer);
        }

        using var link = sidecar.Agent.AcceptRegistered();
        Assert.Equal(7u, link.Deliver(7).Generation);
    }

    [Fact]
    public async Task Stats_say_at_once_when_the_last_watcher_is_up_to_date()
    {
        using var sidecar = SidecarUnderTest.At(7);
        var watchers = Enumerable.Range(0, 20).Select(_ => sidecar.Watch()).ToList();
        await sidecar.CountsAsync(20, 0);
        var id = Guid.NewGuid();
        sidecar.Link.Deliver(8, id: id);
        foreach (var watcher in watchers) watcher.Write(8);
        Message stats;
        var count = 0;
        do
        {
            stats = sidecar.Link.Receive(Operation.Stats);
            count++;
        }
        while (stats.Outdated != 0);
        Assert.Equal((8u, 20, id), (stats.Generation!.Value, stats.Watchers!.Value, stats.Id!.Value));
        Assert.InRange(count, 1, 20);
        foreach (var watcher in watchers) watcher.Dispose();
        do stats = sidecar.Link.Receive(Operation.Stats);
        while (stats.Watchers != 0);
    }

    [Fact]
    public void A_change_forced_here_is_told_to_the_agent_under_the_name_it_knows()
    {
        Requires.Root();
        using var sidecar = SidecarUnderTest.At(7);
        var id = Guid.NewGuid();
        sidecar.Link.Deliver(8, id: id);
        using var control = sidecar.Control();
        control.Request(Operation.Force);
        var stats = sidecar.Link.Receive(Operation.Stats);
        Assert.Equal((9u, id), (stats.Generation!.Value, stats.Id!.Value));
    }

    [Fact]
    public void S15_the_page_keeps_inode_size_and_mode_and_its_generation_over_a_restart()
    {
        using var sidecar = SidecarUnderTest.At(7);
        var before = Files.TryStatus(sidecar.PagePath, out _)!.Value;
        sidecar.Stop();
        Assert.Equal(PageFlags.None, sidecar.Page().Flags);
        Assert.False(File.Exists(sidecar.WatchPath) || File.Exists(sidecar.ControlPath));
        sidecar.Link.Dispose();
        sidecar.Start();
        using var link = sidecar.Agent.Accept();
        Assert.Equal(7u, link.TakeRegistration().Generation);
        Assert.Equal(8u, link.Deliver(2).Generation);
        var after = Files.TryStatus(sidecar.PagePath, out _)!.Value;
        Assert.Equal((before.Device, before.Inode), (after.Device, after.Inode));
        Assert.Equal((4096L, PageLayout.Mode), (after.Size, after.Permissions));
    }

    [Fact]
    public void After_a_restart_an_agent_with_nothing_new_to_say_still_finds_it_serving()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Stop();
        sidecar.Link.Dispose();
        sidecar.Start();
        using var link = sidecar.Agent.AcceptRegistered();
        link.Receive(Operation.Stats);
        using var watcher = sidecar.Watch();
        Assert.Equal(7u, watcher.Read());
    }
}
