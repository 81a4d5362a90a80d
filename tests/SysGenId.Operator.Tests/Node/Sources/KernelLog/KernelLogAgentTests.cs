using SysGenId.Operator.Node;
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

    private Task<AgentUnderTest> StartAsync() => StartAsync(_log);

    private static async Task<AgentUnderTest> StartAsync(ScriptedKernelLog log)
    {
        var agent = AgentUnderTest.Create(options => options with { Sources = AgentUnderTest.NoSources with { KernelLog = "/scripted" } });
        agent.Surroundings = NodeSurroundings.Standalone with { KernelLog = _ => log };
        await agent.StartAgainAsync();
        return agent;
    }
}
