using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.State;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources.KernelLog;

/// <summary>An agent over a log that a test writes.</summary>
public sealed class KernelLogAgentTests
{
    private readonly ScriptedKernelLog _log = new();

    public KernelLogAgentTests() => _log.Print("Linux version 6.12.0");

    [Fact]
    public async Task A_fork_line_bumps_and_says_when_the_kernel_printed_it()
    {
        await using var agent = await StartAsync();
        _log.Print(ScriptedKernelLog.Fork);
        await Eventually.HoldsAsync(() => agent.Generation == 1);
        var change = Assert.Single(await agent.HistoryAsync());
        Assert.Equal("VirtualMachineRestored", change.GetProperty("cause").GetString());
        Assert.Equal(["kernel-log"], change.GetProperty("sources").EnumerateArray().Select(source => source.GetString()));
        Assert.Equal("the kernel noticed a fork, 1.279028 s after its start", change.GetProperty("message").GetString());
        Assert.False(change.TryGetProperty("suspected", out _));
    }

    [Fact]
    public async Task What_was_printed_before_the_first_agent_of_this_boot_is_nobodys_concern()
    {
        _log.Print(ScriptedKernelLog.Fork);
        await using var agent = await StartAsync();
        Assert.Equal(0u, agent.Generation);
    }

    [Fact]
    public async Task A_fork_line_printed_while_the_agent_is_away_bumps_once_and_one_that_was_handled_does_not_again()
    {
        await using var agent = await StartAsync();
        _log.Print(ScriptedKernelLog.Fork);
        await Eventually.HoldsAsync(() => agent.Generation == 1);
        await agent.StopAsync();
        _log.Print(ScriptedKernelLog.Fork);
        await agent.StartAgainAsync();
        Assert.Equal(2u, agent.Generation);
        await agent.StopAsync();
        await agent.StartAgainAsync();
        Assert.Equal(2u, agent.Generation);
    }

    [Fact]
    public async Task A_fork_line_that_was_handled_does_not_count_again_after_the_agent_is_killed()
    {
        await using var agent = await StartAsync();
        var handled = _log.Print(ScriptedKernelLog.Fork);
        await Eventually.HoldsAsync(() => agent.Generation == 1);
        await Eventually.HoldsAsync(() => MarkOf(agent) == handled);
        var whenKilled = await File.ReadAllBytesAsync(agent.StateFile, TestContext.Current.CancellationToken);
        await agent.StopAsync();
        await File.WriteAllBytesAsync(agent.StateFile, whenKilled, TestContext.Current.CancellationToken);
        await agent.StartAgainAsync();
        Assert.Equal(1u, agent.Generation);
        Assert.Single(await agent.HistoryAsync());
    }

    [Fact]
    public async Task An_agent_that_is_killed_after_its_first_start_does_not_take_old_lines_for_new()
    {
        _log.Print(ScriptedKernelLog.Fork);
        await using var agent = await StartAsync();
        await Eventually.HoldsAsync(() => MarkOf(agent) == 1);
        var whenKilled = await File.ReadAllBytesAsync(agent.StateFile, TestContext.Current.CancellationToken);
        await agent.StopAsync();
        await File.WriteAllBytesAsync(agent.StateFile, whenKilled, TestContext.Current.CancellationToken);
        await agent.StartAgainAsync();
        Assert.Equal(0u, agent.Generation);
    }

    [Fact]
    public async Task Lines_that_are_overwritten_while_the_agent_is_away_are_suspected()
    {
        await using var agent = await StartAsync();
        await agent.StopAsync();
        _log.Print("an ordinary line");
        _log.Overwrite();
        _log.Print("an ordinary line");
        await agent.StartAgainAsync();
        Assert.Equal(1u, agent.Generation);
        var change = Assert.Single(await agent.HistoryAsync());
        Assert.True(change.GetProperty("suspected").GetBoolean());
        Assert.Equal("lines 1 to 1 of the kernel's log were gone before they were read", change.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_suspicion_that_waits_for_its_minute_is_found_again_by_the_next_agent()
    {
        await using var agent = await StartAsync();
        await OverrunAsync();
        await Eventually.HoldsAsync(() => agent.Generation == 1);
        await OverrunAsync();
        await agent.StatusAsync();
        Assert.Equal(1u, agent.Generation);
        await agent.StopAsync();
        await agent.StartAgainAsync();
        Assert.Equal(2u, agent.Generation);
        await agent.StopAsync();
        await agent.StartAgainAsync();
        Assert.Equal(2u, agent.Generation);
    }

    [Fact]
    public async Task Somebody_else_is_answered_though_the_log_does_not_end()
    {
        await using var agent = await StartAsync();
        _log.IsEndless = true;
        _log.Print("an ordinary line");
        await Eventually.HoldsAsync(() => _log.Next > 1000);

        await agent.StatusAsync();
        var answered = _log.Next;
        await Eventually.HoldsAsync(() => _log.Next > answered);

        _log.IsEndless = false;
        _log.Print(ScriptedKernelLog.Fork);
        await Eventually.HoldsAsync(() => agent.Generation == 1);
    }

    [Fact]
    public async Task Every_sidecar_is_sent_the_change()
    {
        await using var agent = await StartAsync();
        using var sidecar = await FakeSidecar.RegisterAsync(agent, "one");
        await sidecar.PublishNextAsync();
        _log.Print(ScriptedKernelLog.Fork);
        var change = await sidecar.PublishNextAsync();
        Assert.Equal((1u, "VirtualMachineRestored"), (change.GetProperty("generation").GetUInt32(), change.GetProperty("cause").GetString()));
    }

    [Fact]
    public async Task Status_says_whether_the_log_is_read()
    {
        await using var agent = await StartAsync();
        var source = (await agent.StatusAsync()).GetProperty("sources").EnumerateArray().Single(source => source.GetProperty("name").GetString() == "kernel-log");
        Assert.True(source.GetProperty("active").GetBoolean());
        Assert.Equal("Active", source.GetProperty("reason").GetString());
        Assert.StartsWith("reads /scripted; ", source.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    internal static ulong? MarkOf(AgentUnderTest agent) =>
        new StateFile(Path.GetDirectoryName(agent.StateFile)!).Load(out _)?.SourceMarks?.GetValueOrDefault(SourceNames.KernelLog);

    private async Task OverrunAsync()
    {
        await Eventually.HoldsAsync(() => _log.IsRead);
        _log.Lose();
        await Eventually.HoldsAsync(() => _log.IsRead);
    }

    private Task<AgentUnderTest> StartAsync() => StartAsync(_log);

    private static async Task<AgentUnderTest> StartAsync(ScriptedKernelLog log)
    {
        var agent = AgentUnderTest.Create(options => options with { Sources = AgentUnderTest.NoSources with { KernelLog = "/scripted" } });
        agent.Surroundings = NodeSurroundings.Standalone with { KernelLog = _ => log };
        await agent.StartAgainAsync();
        return agent;
    }
}
