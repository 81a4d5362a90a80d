using System.Text.Json;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sessions;

/// <summary>S12 for a whole node.</summary>
public sealed class WatcherWaitsTests : IAsyncLifetime
{
    private AgentUnderTest _agent = null!;

    public async ValueTask InitializeAsync()
    {
        Requires.Root();
        _agent = await AgentUnderTest.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
    }

    [Fact]
    public async Task S12_With_nobody_outdated_a_wait_ends_at_once() =>
        Assert.Equal("""{"ok":true,"generation":0}""", (await _agent.AskAsync(new { op = "wait-watchers", timeoutMs = 0 })).GetRawText());

    [Fact]
    public async Task S12_A_wait_ends_when_the_last_watcher_of_the_last_pod_is_up_to_date()
    {
        using var one = await StartedSidecarAsync("one", watchers: 2);
        using var other = await StartedSidecarAsync("other", watchers: 1);
        await _agent.ForceAsync();
        using var client = _agent.Connect();
        var wait = client.AskAsync(new { op = "wait-watchers", timeoutMs = 0, generation = 1 });

        await one.PublishNextAsync(watchers: 2, outdated: 2);
        await other.PublishNextAsync(watchers: 1, outdated: 0);
        await one.SendAsync(new { op = "stats", watchers = 2, outdated = 1 });
        await one.HasHeardNothingAsync();
        Assert.False(wait.IsCompleted);
        await one.SendAsync(new { op = "stats", watchers = 2, outdated = 0 });
        Assert.Equal("""{"ok":true,"generation":1}""", (await wait).GetRawText());
    }

    [Fact]
    public async Task S12_A_page_that_is_not_confirmed_counts_as_outdated_even_without_watchers()
    {
        using var sidecar = await StartedSidecarAsync("one");
        await _agent.ForceAsync();
        var wait = await _agent.AskAsync(new { op = "wait-watchers", timeoutMs = 50 });
        Assert.Equal("""{"ok":false,"error":"timed-out","message":"1 watcher(s) are still outdated","generation":1,"outdated":1}""", wait.GetRawText());
        await sidecar.PublishNextAsync();
        Assert.True((await _agent.AskAsync(new { op = "wait-watchers" })).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task S12_A_caller_that_is_outdated_is_interrupted_at_once()
    {
        await _agent.ForceAsync();
        var wait = await _agent.AskAsync(new { op = "wait-watchers", timeoutMs = 0, generation = 0 });
        Assert.Equal("""{"ok":false,"error":"interrupted","message":"a newer generation came; handle it and wait again","generation":1}""", wait.GetRawText());
    }

    [Fact]
    public async Task S12_A_bump_interrupts_everybody_who_waits()
    {
        using var sidecar = await StartedSidecarAsync("one", watchers: 1, outdated: 1);
        using var one = _agent.Connect();
        using var other = _agent.Connect();
        var waits = new[] { one, other }.Select(client => client.AskAsync(new { op = "wait-watchers", timeoutMs = 0 })).ToArray();
        await Eventually.HoldsAsync(async () =>
        {
            await _agent.ForceAsync();
            return waits.All(wait => wait.IsCompleted);
        });
        foreach (var wait in waits) Assert.Equal("interrupted", (await wait).GetProperty("error").GetString());
    }

    [Fact]
    public async Task S11_A_sidecar_that_goes_takes_its_watchers_with_it()
    {
        var sidecar = await StartedSidecarAsync("one", watchers: 1, outdated: 1);
        using var client = _agent.Connect();
        var wait = client.AskAsync(new { op = "wait-watchers", timeoutMs = 0 });
        sidecar.Dispose();
        Assert.True((await wait).GetProperty("ok").GetBoolean());
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(2_147_483_648L)]
    public async Task A_timeout_out_of_range_is_an_invalid_argument(long timeoutMs)
    {
        var answer = await _agent.AskAsync(new { op = "wait-watchers", timeoutMs });
        Assert.Equal("invalid-argument", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_caller_that_goes_is_forgotten()
    {
        using var sidecar = await StartedSidecarAsync("one", watchers: 1, outdated: 1);
        using (var client = _agent.Connect())
        {
            await client.SendAsync(new { op = "wait-watchers", timeoutMs = 0 });
            await client.AskAsync(new { op = "hello" });
        }

        await sidecar.SendAsync(new { op = "stats", watchers = 1, outdated = 0 });
        await sidecar.HasHeardNothingAsync();
        Assert.Equal(JsonValueKind.True, (await _agent.StatusAsync()).GetProperty("ok").ValueKind);
    }

    private async Task<FakeSidecar> StartedSidecarAsync(string name, int watchers = 0, int outdated = 0)
    {
        var sidecar = await FakeSidecar.RegisterAsync(_agent, name);
        await sidecar.PublishNextAsync(watchers, outdated);
        return sidecar;
    }
}
