using System.Text.Json;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Checkpoints;

public sealed class CheckpointGateTests : IAsyncLifetime
{
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
    public async Task S21_S22_The_hook_gets_the_record_once_the_sidecar_has_closed_its_sockets()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync();
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PreDumpAsync(container.InitPid);
        var quiesce = await sidecar.NextAsync("quiesce");
        await sidecar.HasHeardNothingAsync();
        Assert.False(answer.IsCompleted);
        Assert.True((await SidecarStatusAsync()).GetProperty("quiesced").GetBoolean());

        var id = Guid.NewGuid();
        await QuiescedAsync(sidecar, quiesce, generation: 41, watchers: 3, id);
        var record = (await Done(answer)).GetProperty("record");
        Assert.Equal((41u, id, 3), (record.GetProperty("generation").GetUInt32(), record.GetProperty("id").GetGuid(), record.GetProperty("watchers").GetInt32()));
        Assert.Equal(("node-1", 1), (record.GetProperty("node").GetString(), record.GetProperty("version").GetInt32()));
        Assert.True(record.GetProperty("timeNs").GetInt64() > 0);
    }

    [Fact]
    public async Task S22_The_sockets_serve_again_after_post_dump()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync();
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var checkpoint = await DumpAsync(criu, container, sidecar);
        await Done(criu.PostDumpAsync(container.InitPid));
        Assert.Equal(checkpoint, Checkpoint(await sidecar.NextAsync("resume")));
        Assert.False((await SidecarStatusAsync()).GetProperty("quiesced").GetBoolean());

        // That was all: the end of CRIU resumes nothing a second time.
        await criu.EndAsync();
        await Done(_agent.StatusAsync());
        await sidecar.HasHeardNothingAsync();
    }

    [Fact]
    public async Task S22_The_sockets_serve_again_when_CRIU_ends_however_it_ends()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync();
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        string checkpoint;
        await using (var criu = await FakeCriu.StartAsync(_agent))
        {
            checkpoint = await DumpAsync(criu, container, sidecar);
        }

        Assert.Equal(checkpoint, Checkpoint(await sidecar.NextAsync("resume")));
    }

    [Fact]
    public async Task S22_A_second_pre_dump_of_one_CRIU_begins_anew()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync();
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        await DumpAsync(criu, container, sidecar);
        var answer = criu.PreDumpAsync(container.InitPid);
        await sidecar.NextAsync("resume");
        await QuiescedAsync(sidecar, await sidecar.NextAsync("quiesce"), generation: 2);
        Assert.Equal(2u, (await Done(answer)).GetProperty("record").GetProperty("generation").GetUInt32());
    }

    [Fact]
    public async Task S22_A_sidecar_in_two_checkpoints_is_quiesced_until_both_are_over()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync();
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var one = await FakeCriu.StartAsync(_agent);
        await using var other = await FakeCriu.StartAsync(_agent);

        var first = await DumpAsync(one, container, sidecar);
        var second = await DumpAsync(other, container, sidecar);
        Assert.NotEqual(first, second);
        await Done(one.PostDumpAsync(container.InitPid));
        Assert.Equal(first, Checkpoint(await sidecar.NextAsync("resume")));
        Assert.True((await SidecarStatusAsync()).GetProperty("quiesced").GetBoolean());
        await Done(other.PostDumpAsync(container.InitPid));
        Assert.False((await SidecarStatusAsync()).GetProperty("quiesced").GetBoolean());
    }

    [Fact]
    public async Task S25_A_container_that_is_not_ours_is_answered_without_a_record_and_nobody_is_asked()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync();
        await using var container = await FakeContainer.StartAsync();
        await using var criu = await FakeCriu.StartAsync(_agent);
        Assert.False((await Done(criu.PreDumpAsync(container.InitPid))).TryGetProperty("record", out _));
        await sidecar.HasHeardNothingAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task S25_A_sidecar_that_does_not_close_its_sockets_in_time_or_is_missing_is_answered_with_the_policy(bool isThere)
    {
        _agent = await AgentUnderTest.StartAsync(options => options with { PublishTimeout = TimeSpan.FromMilliseconds(150) });
        var directory = FakeSidecar.PageDirectory(_agent, "pod");
        using var sidecar = isThere ? await FakeSidecar.RegisterAsync(new SocketClient(_agent.Connect()), directory) : null;
        await using var container = await FakeContainer.StartAsync(directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = await criu.PreDumpAsync(container.InitPid);
        Assert.Equal(("publish-timeout", "Fail"), (answer.GetProperty("error").GetString(), answer.GetProperty("policy").GetString()));
        Assert.Contains("is it running?", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        if (sidecar is null) return;

        // Too late for the dump; its sockets serve again all the same when CRIU has ended.
        await sidecar.PublishNextAsync();
        await QuiescedAsync(sidecar, await sidecar.NextAsync("quiesce"));
        await criu.EndAsync();
        await sidecar.NextAsync("resume");
    }

    [Fact]
    public async Task S25_A_sidecar_that_comes_while_the_dump_waits_is_asked()
    {
        _agent = await AgentUnderTest.StartAsync();
        var directory = FakeSidecar.PageDirectory(_agent, "pod");
        await using var container = await FakeContainer.StartAsync(directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PreDumpAsync(container.InitPid);
        using var sidecar = await FakeSidecar.RegisterAsync(new SocketClient(_agent.Connect()), directory);
        await sidecar.PublishNextAsync();
        await QuiescedAsync(sidecar, await sidecar.NextAsync("quiesce"), generation: 8);
        Assert.Equal(8u, (await Done(answer)).GetProperty("record").GetProperty("generation").GetUInt32());
    }

    [Fact]
    public async Task S22_A_sidecar_that_starts_again_during_a_dump_is_asked_again()
    {
        _agent = await AgentUnderTest.StartAsync();
        var first = await StartedSidecarAsync();
        await using var container = await FakeContainer.StartAsync(first.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);
        var checkpoint = await DumpAsync(criu, container, first);
        first.Dispose();

        using var second = await FakeSidecar.RegisterAsync(new SocketClient(_agent.Connect()), first.Directory);
        await second.PublishNextAsync();
        Assert.Equal(checkpoint, Checkpoint(await second.NextAsync("quiesce")));
        await Done(criu.PostDumpAsync(container.InitPid));
        await second.NextAsync("resume");
    }

    [Fact]
    public async Task A_sidecar_answers_for_its_own_checkpoint_only()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await StartedSidecarAsync();
        using var stranger = await FakeSidecar.RegisterAsync(_agent, "stranger");
        await stranger.PublishNextAsync();
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PreDumpAsync(container.InitPid);
        var quiesce = await sidecar.NextAsync("quiesce");
        await QuiescedAsync(stranger, quiesce, generation: uint.MaxValue, watchers: 99);
        await stranger.HasHeardNothingAsync();
        Assert.False(answer.IsCompleted);
        await QuiescedAsync(sidecar, quiesce, generation: 5);
        Assert.Equal(5u, (await Done(answer)).GetProperty("record").GetProperty("generation").GetUInt32());
    }

    [Fact]
    public async Task S28_Counts_that_no_pod_can_have_do_not_end_the_agent()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var one = await StartedSidecarAsync("one");
        using var other = await StartedSidecarAsync("other");
        foreach (var sidecar in new[] { one, other })
        {
            await sidecar.SendAsync(new { op = "stats", generation = 0, watchers = int.MaxValue, outdated = int.MaxValue });
            await sidecar.HasHeardNothingAsync();
        }

        var status = await _agent.StatusAsync();
        Assert.Equal((2 * ProtocolLimits.MaximumReportedWatchers, 2 * ProtocolLimits.MaximumReportedWatchers), (status.GetProperty("watchers").GetInt32(), status.GetProperty("outdated").GetInt32()));
    }

    private async Task<FakeSidecar> StartedSidecarAsync(string name = "pod")
    {
        var sidecar = await FakeSidecar.RegisterAsync(_agent, name);
        await sidecar.PublishNextAsync();
        return sidecar;
    }

    private async Task<JsonElement> SidecarStatusAsync() => (await _agent.StatusAsync()).GetProperty("sidecars")[0];

    private static async Task<string?> Quiesce(FakeSidecar sidecar)
    {
        var quiesce = await sidecar.NextAsync("quiesce");
        await QuiescedAsync(sidecar, quiesce);
        return Checkpoint(quiesce);
    }

    private static async Task<string> DumpAsync(FakeCriu criu, FakeContainer container, FakeSidecar sidecar)
    {
        var answer = criu.PreDumpAsync(container.InitPid);
        var checkpoint = await Quiesce(sidecar);
        await Done(answer);
        return checkpoint!;
    }

    private static Task QuiescedAsync(FakeSidecar sidecar, JsonElement quiesce, uint generation = 0, int watchers = 0, Guid id = default) =>
        sidecar.SendAsync(new { op = "quiesced", checkpoint = Checkpoint(quiesce), watchers, generation, id });

    private static string? Checkpoint(JsonElement message) => message.GetProperty("checkpoint").GetString();

    private static async Task<JsonElement> Done(Task<JsonElement> answer)
    {
        var result = await answer;
        Assert.True(result.GetProperty("ok").GetBoolean(), result.ToString());
        return result;
    }
}
