using System.Text.Json;
using SysGenId.Operator.Node;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sessions;

/// <summary>What the command line sees. Field names and their order of appearance are public interface.</summary>
public sealed class NodeCommandsTests : IAsyncLifetime
{
    private AgentUnderTest _agent = null!;

    public async ValueTask InitializeAsync()
    {
        Requires.Root();
        _agent = await AgentUnderTest.StartAsync(options => options with { RestoreScope = RestoreScope.Pod, PublishTimeout = TimeSpan.FromMilliseconds(1500) });
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
    }

    [Fact]
    public async Task Hello_says_who_serves()
    {
        Assert.Equal("""{"ok":true,"protocol":1,"role":"node","version":"0.1.0"}""", Text(await _agent.AskAsync(new { op = "hello", protocol = 1 })));
        Assert.Equal("""{"ok":true,"protocol":1,"role":"node","version":"0.1.0"}""", Text(await _agent.AskAsync(new { op = "hello" })));
        Assert.Equal(
            """{"ok":false,"error":"unsupported-protocol","message":"this agent speaks protocol 1"}""",
            Text(await _agent.AskAsync(new { op = "hello", protocol = 2 })));
    }

    [Fact]
    public async Task Status_says_everything_about_the_node()
    {
        using var sidecar = await FakeSidecar.RegisterAsync(_agent, "one");
        await sidecar.PublishNextAsync(watchers: 3, outdated: 2);
        var force = await _agent.ForceAsync(40);
        using (var unconfirmed = await FakeSidecar.RegisterAsync(_agent, "two", generation: 7))
        {
            await sidecar.PublishNextAsync(watchers: 3, outdated: 1);
            await sidecar.HasHeardNothingAsync();
            await Eventually.HoldsAsync(async () => !Text(await _agent.StatusAsync()).Contains("not proven yet", StringComparison.Ordinal));
            var status = await _agent.StatusAsync();
            Assert.Equal(
                $$"""
                {"ok":true,"role":"node","version":"0.1.0","generation":40,"id":"{{force.GetProperty("id")}}","cause":"Forced","timeNs":{{status.GetProperty("timeNs")}},"watchers":3,"outdated":2,"node":"node-1","restoreScope":"Pod","restoreFailurePolicy":"Fail","publishTimeoutMs":1500,"gate":{"proven":false,"message":{{status.GetProperty("gate").GetProperty("message").GetRawText()}}},"sources":{{status.GetProperty("sources").GetRawText()}},"state":{"path":"{{_agent.StateFile}}","writable":true},"sidecars":[{"name":"{{sidecar.Directory}}","generation":40,"watchers":3,"outdated":1,"quiesced":false,"confirmed":true,"upToDate":false},{"name":"{{unconfirmed.Directory}}","generation":7,"watchers":0,"outdated":1,"quiesced":false,"confirmed":false,"upToDate":false}]}
                """,
                Text(status));
            Assert.Equal(Text(status), Text(await _agent.AskAsync(new { op = "get" })));
            var criu = status.GetProperty("sources")[0];
            Assert.Equal($$"""{"name":"criu","active":false,"reason":"GateNotProven","message":{{status.GetProperty("gate").GetProperty("message").GetRawText()}}}""", Text(criu));
            Assert.All(status.GetProperty("sources").EnumerateArray().Skip(1), source => Assert.Equal("Disabled", source.GetProperty("reason").GetString()));
        }

        await Eventually.HoldsAsync(async () => (await _agent.StatusAsync()).GetProperty("sidecars").GetArrayLength() == 1);
    }

    [Fact]
    public async Task S01_A_node_without_a_bump_says_so()
    {
        var status = await _agent.StatusAsync();
        Assert.Equal((0u, "None", 0L), (status.GetProperty("generation").GetUInt32(), status.GetProperty("cause").GetString(), status.GetProperty("timeNs").GetInt64()));
        Assert.Equal("""{"ok":true,"changes":[]}""", Text(await _agent.AskAsync(new { op = "history" })));
    }

    [Fact]
    public async Task History_has_a_line_for_each_change_newest_last()
    {
        var first = await _agent.ForceAsync();
        var second = await _agent.ForceAsync(2_000_000_000);
        var history = await _agent.HistoryAsync();
        Assert.Equal(
            [
                $$"""{"generation":1,"id":"{{first.GetProperty("id")}}","cause":"Forced","timeNs":{{history[0].GetProperty("timeNs")}},"outcome":"published","sources":["manual"],"minimum":0}""",
                $$"""{"generation":2000000000,"id":"{{second.GetProperty("id")}}","cause":"Forced","timeNs":{{history[1].GetProperty("timeNs")}},"outcome":"published","sources":["manual"],"minimum":2000000000}""",
            ],
            history.Select(Text));
    }

    [Fact]
    public async Task S13_Force_answers_number_and_name_when_they_are_on_the_page()
    {
        var answer = await _agent.ForceAsync(5);
        Assert.Equal($$"""{"ok":true,"generation":5,"id":"{{answer.GetProperty("id")}}"}""", Text(answer));
        Assert.Equal(5u, _agent.Generation);
        Assert.Equal(6u, (await _agent.AskAsync(new { op = "force" })).GetProperty("generation").GetUInt32());
    }

    [Fact]
    public async Task S02_Force_at_the_last_number_is_refused_and_nothing_moves()
    {
        await _agent.ForceAsync(uint.MaxValue);
        Assert.Equal(
            """{"ok":false,"error":"generation-exhausted","message":"generation 4294967295 is the last; it never wraps. This node cannot be bumped any more."}""",
            Text(await _agent.ForceAsync()));
        Assert.Equal(uint.MaxValue, _agent.Generation);
        Assert.Single(await _agent.HistoryAsync());
    }

    [Fact]
    public async Task A_gate_that_cannot_be_proven_is_answered_with_its_reason()
    {
        var answer = await _agent.AskAsync(new { op = "prove-gate" });
        Assert.Equal("gate-unproven", answer.GetProperty("error").GetString());
        Assert.NotEmpty(answer.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task S14_An_unknown_operation_is_a_typed_error_and_the_connection_goes_on()
    {
        using var client = _agent.Connect();
        Assert.Equal(
            """{"ok":false,"error":"unsupported-operation","message":"no such operation on the agent socket"}""",
            Text(await client.AskAsync(new { op = "reboot" })));
        Assert.Equal("unsupported-operation", (await client.AskAsync(new { })).GetProperty("error").GetString());
        Assert.Equal("malformed-message", (await client.AskAsync(new { op = 7 })).GetProperty("error").GetString());
        Assert.Equal("malformed-message", (await client.AskAsync(new { op = "force", minimumGeneration = -1 })).GetProperty("error").GetString());
        Assert.True((await client.AskAsync(new { op = "status" })).GetProperty("ok").GetBoolean());
        Assert.Equal(0u, _agent.Generation);
    }

    [Fact]
    public async Task A_line_that_is_too_long_ends_the_connection_with_a_sentence()
    {
        using var client = _agent.Connect();
        var answer = await client.AskAsync(new { op = "hello", padding = new string('x', 17_000) });
        Assert.Equal("message-too-long", answer.GetProperty("error").GetString());
        await Assert.ThrowsAnyAsync<IOException>(() => client.ReceiveAsync());
        Assert.True((await _agent.StatusAsync()).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_connection_registers_once_and_only_with_a_page_of_its_own()
    {
        using var client = _agent.Connect();
        var directory = FakeSidecar.PageDirectory(_agent, "one");
        Assert.Equal("permission-denied", (await client.AskAsync(new { op = "register", dir = "/nowhere" })).GetProperty("error").GetString());
        Assert.Equal("permission-denied", (await client.AskAsync(new { op = "register" })).GetProperty("error").GetString());
        Assert.Equal("unsupported-protocol", (await client.AskAsync(new { op = "register", protocol = 2, dir = directory })).GetProperty("error").GetString());
        Assert.Equal("not-registered", (await client.AskAsync(new { op = "stats", watchers = 1 })).GetProperty("error").GetString());
        Assert.True((await client.AskAsync(new { op = "register", dir = directory })).GetProperty("ok").GetBoolean());
        await client.ReceiveAsync();
        await client.ReceiveAsync();
        Assert.Equal("invalid-argument", (await client.AskAsync(new { op = "register", dir = directory })).GetProperty("error").GetString());
    }

    private static string Text(JsonElement answer) => answer.GetRawText();
}
