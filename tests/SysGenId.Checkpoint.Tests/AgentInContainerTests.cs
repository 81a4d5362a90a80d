using SysGenId.TestSupport;

namespace SysGenId.Checkpoint.Tests;

/// <summary>S27 for an agent whose image has no CRIU: it runs the host's, among the host's files.</summary>
public sealed class AgentInContainerTests
{
    private static string GiveCriu => $"cp {ToolPaths.CheckpointTools}/criu /opt/tools/criu.new && mv /opt/tools/criu.new {AgentInContainer.Criu}";

    [Fact]
    public async Task S27_a_CRIU_that_is_installed_on_the_host_later_is_noticed_the_hook_installed_and_the_gate_proven()
    {
        await using var agent = AgentInContainer.Start("--criu-namespace", "host");
        await agent.PrintsAsync("Gate not proven: /opt/tools/criu is not installed");
        await agent.RunOnHostAsync("test ! -e /etc/criu/default.conf && echo no line without CRIU");
        await agent.PrintsAsync("no line without CRIU");

        await agent.RunOnHostAsync(GiveCriu);

        await agent.PrintsAsync("Hook on this node: criu 4.1.1 at /opt/tools/criu; hook /opt/sysgenid/bin/sysgenid-criu-hook (installed)");
        await agent.PrintsAsync("Gate proven: CRIU 4.1.1 checkpointed and restored a process of the agent's own, and the hook called at both.");
        await agent.RunOnHostAsync("cat /etc/criu/default.conf");
        await agent.PrintsAsync("action-script /opt/sysgenid/bin/sysgenid-criu-hook\n# END sysgenid");
    }

    [Fact]
    public async Task S27_a_line_that_somebody_takes_out_is_put_back()
    {
        await using var agent = AgentInContainer.Start("--criu-namespace", "host");
        await agent.RunOnHostAsync(GiveCriu);
        await agent.PrintsAsync("Gate proven");

        await agent.RunOnHostAsync("rm /etc/criu/default.conf");

        await agent.PrintsAsync("default.conf (line added); next");
        await Eventually.HoldsAsync(() => agent.Output.Split("(line added)").Length == 3);
    }

    [Fact]
    public async Task Without_being_told_the_host_s_CRIU_is_none_of_its_business()
    {
        await using var agent = AgentInContainer.Start();
        await agent.RunOnHostAsync(GiveCriu);
        await agent.PrintsAsync("Gate not proven: /opt/tools/criu is not installed");
        await agent.RunOnHostAsync("kill -TERM $agent");
        await agent.PrintsAsync("Stopped in good order");
        Assert.DoesNotContain("Gate proven", agent.Output, StringComparison.Ordinal);
    }
}
