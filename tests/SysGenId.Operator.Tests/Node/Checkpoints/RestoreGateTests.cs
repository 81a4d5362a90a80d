using System.Text.Json;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;

namespace SysGenId.Operator.Tests.Node.Checkpoints;

public sealed class RestoreGateTests : IAsyncLifetime
{
    private const uint Nobody = 65534;

    private AgentUnderTest _agent = null!;

    public ValueTask InitializeAsync()
    {
        Requires.Root();
        Requires.Compiler();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
    }

    [Fact]
    public async Task S20_The_hook_is_answered_when_the_page_of_the_restored_container_is_published_and_not_before()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(3));
        var change = await sidecar.NextAsync("generation");
        await sidecar.HasHeardNothingAsync();
        Assert.False(answer.IsCompleted);
        Assert.Equal(("ContainerRestored", 4u, 4u), (Cause(change), Generation(change), _agent.Generation));

        await sidecar.PublishedAsync(change);
        Assert.Equal(4u, Generation(await Done(answer)));
    }

    [Fact]
    public async Task S25_A_restore_is_bumped_once_however_often_the_hook_calls()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        await criu.LosePostRestoreAsync(container.InitPid, Record(0));
        var change = await sidecar.NextAsync("generation");
        var again = criu.PostRestoreAsync(container.InitPid, Record(0));
        await sidecar.HasHeardNothingAsync();
        await sidecar.PublishedAsync(change);
        await Done(again);
        var last = await Done(criu.PreResumeAsync(container.InitPid, Record(0)));

        Assert.Equal((1u, 1u), (Generation(last), _agent.Generation));
        Assert.Single(await _agent.HistoryAsync());
        await sidecar.HasHeardNothingAsync();
    }

    [Fact]
    public async Task S24_Two_restores_of_one_checkpoint_are_two_bumps_with_two_names()
    {
        _agent = await AgentUnderTest.StartAsync();
        var ids = new List<Guid>();
        for (var clone = 0; clone < 2; clone++)
        {
            await using var criu = await FakeCriu.StartAsync(_agent);
            ids.Add((await Done(criu.PostRestoreAsync(Environment.ProcessId))).GetProperty("id").GetGuid());
        }

        Assert.Equal(2u, _agent.Generation);
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Fact]
    public async Task S25_A_restore_that_is_not_ours_waits_for_nobody_though_everybody_is_told()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync();
        await using var criu = await FakeCriu.StartAsync(_agent);

        Assert.Equal(1u, Generation(await Done(criu.PostRestoreAsync(container.InitPid))));
        Assert.Equal(1u, Generation(await sidecar.NextAsync("generation")));
    }

    [Fact]
    public async Task S20_Only_the_page_of_the_restored_container_is_waited_for()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var restored = await StartedSidecarAsync("restored");
        using var other = await StartedSidecarAsync("other");
        await using var container = await FakeContainer.StartAsync(restored.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(0));
        await restored.PublishNextAsync();
        await Done(answer);
        Assert.Equal(1u, Generation(await other.NextAsync("generation")));
    }

    [Fact]
    public async Task S20_A_checkpoint_of_ours_in_a_container_that_cannot_be_told_waits_for_every_page()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var one = await StartedSidecarAsync("one");
        using var other = await StartedSidecarAsync("other");
        await using var container = await FakeContainer.StartAsync();
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(0));
        await one.PublishNextAsync();
        var last = await other.NextAsync("generation");
        await other.HasHeardNothingAsync();
        Assert.False(answer.IsCompleted);
        await other.PublishedAsync(last);
        await Done(answer);
    }

    [Theory]
    [InlineData("Fail")]
    [InlineData("Ignore")]
    public async Task S25_A_page_that_is_not_published_in_time_is_answered_with_the_policy_and_stays_in_history(string name)
    {
        var policy = Enum.Parse<RestoreFailurePolicy>(name);
        _agent = await AgentUnderTest.StartAsync(options => options with { RestoreFailurePolicy = policy, PublishTimeout = TimeSpan.FromMilliseconds(150) });
        using var sidecar = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = await criu.PostRestoreAsync(container.InitPid, Record(0));
        Assert.Equal(("publish-timeout", name), (Text(answer, "error"), Text(answer, "policy")));
        Assert.Contains("generation 1 within 150 ms", Text(answer, "message"), StringComparison.Ordinal);
        Assert.Equal(Text(answer, "message"), Text(await criu.PreResumeAsync(container.InitPid), "message"));

        var line = (await _agent.HistoryAsync())[^1];
        Assert.Equal(("timed-out", 1u), (Text(line, "outcome"), Generation(line)));
        Assert.Equal(Text(answer, "message"), Text(line, "message"));
    }

    [Fact]
    public async Task S02_A_page_at_its_last_number_fails_the_restore_at_once()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(0));
        var change = await sidecar.NextAsync("generation");
        await sidecar.SendAsync(new { op = "published", id = change.GetProperty("id").GetGuid(), generation = uint.MaxValue, error = "generation-exhausted" });
        Assert.Equal(("generation-exhausted", "Fail"), (Text(await answer, "error"), Text(await answer, "policy")));
    }

    [Fact]
    public async Task S21_A_checkpoint_taken_at_the_last_number_cannot_be_restored()
    {
        _agent = await AgentUnderTest.StartAsync();
        await using var criu = await FakeCriu.StartAsync(_agent);
        var answer = await criu.PostRestoreAsync(Environment.ProcessId, Record(uint.MaxValue));
        Assert.Equal(("generation-exhausted", "Fail"), (Text(answer, "error"), Text(answer, "policy")));
        Assert.Equal(0u, _agent.Generation);
    }

    [Fact]
    public async Task S25_A_sidecar_that_comes_while_the_restore_waits_is_waited_for()
    {
        _agent = await AgentUnderTest.StartAsync();
        var directory = FakeSidecar.PageDirectory(_agent, "pod");
        await using var container = await FakeContainer.StartAsync(directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(0));
        await Eventually.HoldsAsync(() => _agent.Generation == 1);
        using var sidecar = await FakeSidecar.RegisterAsync(new SocketClient(_agent.Connect()), directory);
        var change = await sidecar.NextAsync("generation");
        await sidecar.HasHeardNothingAsync();
        Assert.False(answer.IsCompleted);
        await sidecar.PublishedAsync(change);
        await Done(answer);
    }

    [Fact]
    public async Task S25_A_sidecar_that_starts_again_while_the_restore_waits_gets_the_change_again()
    {
        _agent = await AgentUnderTest.StartAsync();
        var first = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(first.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(0));
        var change = await first.NextAsync("generation");
        first.Dispose();
        using var second = await FakeSidecar.RegisterAsync(new SocketClient(_agent.Connect()), first.Directory);
        Assert.Equal(change.GetProperty("id").GetGuid(), (await second.PublishNextAsync()).GetProperty("id").GetGuid());
        await Done(answer);
    }

    [Fact]
    public async Task S20_S26_In_scope_Pod_a_sidecar_outside_pods_that_was_away_gets_the_change_when_it_comes()
    {
        _agent = await AgentUnderTest.StartAsync(options => options with { RestoreScope = RestoreScope.Pod });
        var directory = FakeSidecar.PageDirectory(_agent, "pod");
        await using var container = await FakeContainer.StartAsync(directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(6));
        await Eventually.HoldsAsync(() => _agent.Generation == 7);
        using var sidecar = await FakeSidecar.RegisterAsync(new SocketClient(_agent.Connect()), directory);
        await sidecar.PublishNextAsync();
        Assert.False(answer.IsCompleted);
        Assert.Equal(7u, Generation(await sidecar.PublishNextAsync()));
        await Done(answer);
    }

    [Fact]
    public async Task S20_A_container_whose_page_is_elsewhere_waits_for_its_sidecar_to_come_back()
    {
        _agent = await AgentUnderTest.StartAsync();
        var first = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(first.Directory, place: "/run/elsewhere");
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid);
        await first.NextAsync("generation");
        first.Dispose();
        await Eventually.HoldsAsync(async () => (await _agent.StatusAsync()).GetProperty("sidecars").GetArrayLength() == 0);

        // What it says then, and it says no, is what the hook hears.
        using var second = await FakeSidecar.RegisterAsync(new SocketClient(_agent.Connect()), first.Directory);
        var change = await second.NextAsync("generation");
        await second.SendAsync(new { op = "published", id = change.GetProperty("id").GetGuid(), error = "generation-exhausted" });
        Assert.Equal("generation-exhausted", Text(await answer, "error"));
    }

    [Fact]
    public async Task S26_In_scope_Pod_the_restored_pod_alone_sees_the_change_and_the_others_skip_to_the_next_for_all()
    {
        _agent = await AgentUnderTest.StartAsync(options => options with { RestoreScope = RestoreScope.Pod });
        using var restored = await StartedSidecarAsync("restored");
        using var other = await StartedSidecarAsync("other");
        await using var container = await FakeContainer.StartAsync(restored.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(0));
        await restored.PublishNextAsync();
        await Done(answer);
        await other.HasHeardNothingAsync();
        Assert.Equal(1u, _agent.Generation);

        await _agent.ForceAsync();
        Assert.Equal((2u, 2u), (Generation(await restored.NextAsync("generation")), Generation(await other.NextAsync("generation"))));
    }

    [Fact]
    public async Task S26_In_scope_Pod_a_checkpoint_of_ours_in_a_container_that_cannot_be_told_concerns_everybody()
    {
        _agent = await AgentUnderTest.StartAsync(options => options with { RestoreScope = RestoreScope.Pod });
        using var sidecar = await StartedSidecarAsync("pod");
        await using var criu = await FakeCriu.StartAsync(_agent);
        var answer = criu.PostRestoreAsync(Environment.ProcessId, Record(0));
        await sidecar.PublishNextAsync();
        await Done(answer);
    }

    [Fact]
    public async Task S26_In_scope_Pod_a_restore_that_is_not_ours_moves_the_node_and_nobody_is_told()
    {
        _agent = await AgentUnderTest.StartAsync(options => options with { RestoreScope = RestoreScope.Pod });
        using var sidecar = await StartedSidecarAsync("pod");
        await using var criu = await FakeCriu.StartAsync(_agent);
        Assert.Equal(1u, Generation(await Done(criu.PostRestoreAsync(Environment.ProcessId))));
        await sidecar.HasHeardNothingAsync();
    }

    [Fact]
    public async Task S28_A_record_far_ahead_raises_the_pod_alone()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var restored = await StartedSidecarAsync("restored");
        using var other = await StartedSidecarAsync("other");
        await using var container = await FakeContainer.StartAsync(restored.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(uint.MaxValue - 1));
        var own = await restored.PublishNextAsync();
        var everybody = await other.NextAsync("generation");
        Assert.Equal(1u, Generation(await Done(answer)));
        Assert.Equal((1u, uint.MaxValue), (Generation(own), own.GetProperty("minimum").GetUInt32()));
        Assert.False(everybody.TryGetProperty("minimum", out _));
        Assert.Equal(uint.MaxValue, (await _agent.HistoryAsync())[^1].GetProperty("minimum").GetUInt32());
    }

    [Fact]
    public async Task S21_S28_What_a_pod_must_reach_is_not_forgotten_when_the_node_moves_while_its_sidecar_is_away()
    {
        _agent = await AgentUnderTest.StartAsync();
        var first = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(first.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(50_000_000));
        await first.NextAsync("generation");
        first.Dispose();
        await _agent.ForceAsync();
        using var second = await FakeSidecar.RegisterAsync(new SocketClient(_agent.Connect()), first.Directory);
        var change = await second.PublishNextAsync();
        Assert.Equal((2u, 50_000_001u), (Generation(change), change.GetProperty("minimum").GetUInt32()));
        await Done(answer);
    }

    [Fact]
    public async Task S23_The_watchers_of_the_checkpoint_are_expected_before_the_change_is_delivered()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(0, watchers: 3));
        Assert.Equal(3, (await sidecar.NextAsync("expect-watchers")).GetProperty("count").GetInt32());
        await sidecar.PublishNextAsync();
        await Done(answer);
    }

    [Fact]
    public async Task A_restore_that_its_CRIU_did_not_wait_for_is_not_booked_as_timed_out()
    {
        _agent = await AgentUnderTest.StartAsync(options => options with { PublishTimeout = TimeSpan.FromSeconds(3) });
        using var sidecar = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using (var criu = await FakeCriu.StartAsync(_agent))
        {
            await criu.LosePostRestoreAsync(container.InitPid, Record(0));
            await sidecar.NextAsync("generation");
            await criu.EndAsync();
        }

        // A later restore runs into the same timeout: by then the first one would have, too.
        await using var later = await FakeCriu.StartAsync(_agent);
        await later.PostRestoreAsync(container.InitPid, Record(0));
        Assert.Equal(["published", "timed-out"], (await _agent.HistoryAsync()).Select(line => Text(line, "outcome")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S20_S25_An_agent_that_stops_answers_no_restore_that_is_not_published(bool hasPage)
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync("pod");
        await using var container = await FakeContainer.StartAsync(hasPage ? sidecar.Directory : null);
        await using var criu = await FakeCriu.StartAsync(_agent);
        var answer = criu.PostRestoreAsync(container.InitPid, Record(0));
        await sidecar.NextAsync("generation");
        await _agent.StopAsync();
        Assert.Equal(JsonValueKind.Undefined, (await answer).ValueKind);
    }

    [Fact]
    public async Task S27_Calls_for_a_CRIU_of_the_agents_own_are_its_self_test_and_move_nothing()
    {
        _agent = await AgentUnderTest.StartAsync();
        await using var criu = await FakeCriu.StartAsync(_agent, isAgentsOwn: true);
        await Done(criu.PreDumpAsync(Environment.ProcessId));
        await Done(criu.PostRestoreAsync(Environment.ProcessId, Record(7)));
        Assert.Equal(0u, _agent.Generation);
    }

    [Fact]
    public async Task A_restore_in_a_pod_is_told_by_its_cgroup_and_kept_for_a_sidecar_that_is_away()
    {
        _agent = await AgentUnderTest.StartAsync(options => options with { RestoreScope = RestoreScope.Pod });
        await using var cgroups = new CgroupTree();
        var pod = new PodUnderTest(cgroups);
        var directory = FakeSidecar.PageDirectory(_agent, "pod");
        await using var container = await FakeContainer.StartAsync(directory, cgroups: pod.EntrancesOf("app"));
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid, Record(40_000_000));
        await Eventually.HoldsAsync(() => _agent.Generation == 1);
        await _agent.ForceAsync();
        using var relay = await RelayedClient.ConnectAsync(_agent.Socket, Nobody, pod.EntrancesOf("sysgenid"));
        using var sidecar = await FakeSidecar.RegisterAsync(relay, directory);
        var change = await sidecar.PublishNextAsync();
        Assert.Equal((2u, 40_000_001u), (Generation(change), change.GetProperty("minimum").GetUInt32()));
        await Done(answer);

        var line = (await _agent.HistoryAsync())[0];
        Assert.Equal((pod.Uid, "app"), (Text(line, "pod"), Text(line, "container")));
        Assert.Equal(pod.Uid, Text((await _agent.StatusAsync()).GetProperty("sidecars")[0], "name"));
    }

    private async Task<FakeSidecar> StartedSidecarAsync(string name)
    {
        var sidecar = await FakeSidecar.RegisterAsync(_agent, name);
        await sidecar.PublishNextAsync();
        return sidecar;
    }

    private static object Record(uint generation, int watchers = 0) => new { version = 1, generation, id = Guid.NewGuid(), watchers };

    private static async Task<JsonElement> Done(Task<JsonElement> answer)
    {
        var result = await answer;
        Assert.True(result.GetProperty("ok").GetBoolean(), result.ToString());
        return result;
    }

    private static uint Generation(JsonElement message) => message.GetProperty("generation").GetUInt32();

    private static string? Cause(JsonElement message) => Text(message, "cause");

    private static string? Text(JsonElement message, string field) => message.GetProperty(field).GetString();
}
