using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>A restore that the agent did not hear of while it was killed and started again.</summary>
public sealed class MissedRestoreTests
{
    [Fact]
    public async Task S25_a_hook_that_writes_down_its_miss_when_the_next_agent_serves_already_is_heard()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();
        var nobody = Path.Combine(node.RunDirectory, "nobody.sock");

        await using var call = await HookCall.Begin(node, "post-restore", await pod.ContainerAsync(), HookCall.ImagesWith(node, null), nobody).EndAsync();

        Assert.Equal(0, call.ExitCode);
        await Eventually.HoldsAsync(() => pod.Generation == 1, what: "the pod shows the generation that catches up");
        var change = (await node.HistoryAsync()).GetProperty("changes").EnumerateArray().Last();
        Assert.Equal(("missed", pod.Uid), (change.GetProperty("outcome").GetString(), change.GetProperty("pod").GetString()));
        Assert.Empty(Directory.EnumerateFiles(node.MissedDirectory));
    }

    [Theory]
    [InlineData("Fail", 1, "refused")]
    [InlineData("Ignore", 0, "missed")]
    public async Task S25_while_the_agent_is_away_the_policy_it_left_decides_and_history_tells_afterwards(string policy, int exitCode, string outcome)
    {
        await using var node = await NodeOnTrial.StartAsync("--restore-failure-policy", policy);
        var pod = await node.StartPodAsync();
        await node.KillAgentAsync();

        await using var ours = await HookCall.Restored(node, await pod.ContainerAsync(), HookCall.ImagesWith(node, 40u)).EndAsync();
        await using var foreign = await HookCall.Restored(node, Environment.ProcessId, HookCall.ImagesWith(node, null)).EndAsync();

        Assert.Equal((exitCode, 0), (ours.ExitCode, foreign.ExitCode));
        Assert.InRange(ours.Elapsed, node.PublishTimeout - TimeSpan.FromMilliseconds(100), node.PublishTimeout + TimeSpan.FromSeconds(2));
        Assert.True(foreign.Elapsed < node.PublishTimeout, $"a restore that is not ours was held for {foreign.Elapsed}");
        await node.StartAgentAsync();
        var changes = (await node.HistoryAsync()).GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("outcome").GetString()).ToArray();
        Assert.Equal([outcome, "missed"], changes);
        await Eventually.HoldsAsync(() => pod.Generation == node.Generation, what: "the pod has caught up");
        Assert.Equal(policy == "Ignore" ? 42u : 1u, node.Generation);
    }
}
