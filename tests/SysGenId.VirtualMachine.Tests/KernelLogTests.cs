namespace SysGenId.VirtualMachine.Tests;

/// <summary>The log of a real kernel: what in it counts as a fork of the machine, and how often.</summary>
public sealed class KernelLogTests(StandingSnapshot standing) : VirtualMachineTest(standing)
{
    /// <summary>More than the log of this kernel holds, 128 KiB.</summary>
    private const int LinesToOverrun = 3000;

    [Fact]
    public async Task A_line_that_a_program_forged_bumps_nothing()
    {
        var node = await ResumeAsync();
        await node.LookedAtIdAsync();

        await node.RunAsync(KernelForkLine.Forge);

        // Whatever the agent made of it would stand before the second of these.
        Assert.Equal(1u, await node.BumpAsync());
        Assert.Equal(2u, await node.BumpAsync());
        Assert.Equal(["Forced", "Forced"], (await node.HistoryAsync()).Select(change => change.GetProperty("cause").GetString()));
    }

    [Fact]
    public async Task A_fork_while_the_agent_was_away_bumps_once_when_it_is_back_and_never_again()
    {
        var node = await ResumeAsync();
        await node.StopAgentAsync();
        var clone = await CloneOfRunningAsync();
        await clone.ForkedAsync();

        await clone.StartAgentAsync();
        await clone.WokenAsync(NodeInGuest.Prompt, 1);
        await clone.StopAgentAsync();
        await clone.StartAgentAsync();

        Assert.Equal(2u, await clone.BumpAsync());
        Assert.Equal(
            ["VirtualMachineRestored", "Forced"], (await clone.HistoryAsync()).Select(change => change.GetProperty("cause").GetString()));
    }

    [Fact]
    public async Task Lines_that_were_lost_unread_are_one_bump_on_suspicion()
    {
        var node = await ResumeAsync();
        await node.LookedAtIdAsync();

        await OverrunAsync(node);
        await node.WokenAsync(NodeInGuest.Prompt, 1);
        var change = Assert.Single(await node.HistoryAsync());
        Assert.Equal("VirtualMachineRestored", change.GetProperty("cause").GetString());
        Assert.True(change.GetProperty("suspected").GetBoolean());

        // Again within the minute: that has to wait.
        await OverrunAsync(node);
        Assert.Equal(2u, await node.BumpAsync());
        Assert.Equal(3u, await node.BumpAsync());
    }

    private static async Task OverrunAsync(NodeInGuest node)
    {
        await node.SignalAgentAsync("STOP");
        await node.RunAsync($"kernel-log flood {LinesToOverrun}");
        await node.SignalAgentAsync("CONT");
    }
}
