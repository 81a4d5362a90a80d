using System.Text.Json;
using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.State;

/// <summary>A state that cannot be stored: bumps go on as far as is safe, and everybody is told why no further.</summary>
public sealed class UnwritableStateTests
{
    private const uint FarAhead = 1_000_000;

    [Theory]
    [InlineData("full")]
    [InlineData("read-only")]
    public async Task S02_bumps_go_on_up_to_the_stored_ceiling_and_beyond_it_when_the_state_can_be_stored_again(string reason)
    {
        await using var node = NodeOnTrial.Create();
        node.Setup = $"mkdir -p {node.StateDirectory}; mount -t tmpfs -o size=64k sysgenid {node.StateDirectory}";
        await node.StartAgentAsync();
        await node.ForceAsync();

        await SpoilAsync(node, reason);
        Assert.Equal(2u, await node.ForceAsync());
        await Eventually.HoldsAsync(async () => !await IsWritableAsync(node), what: "status says that the state cannot be stored");
        Assert.Contains(reason == "full" ? "ENOSPC" : "EROFS", (await node.StatusAsync()).GetProperty("state").GetProperty("message").GetString(), StringComparison.Ordinal);
        var refused = await ForceFarAsync(node);
        Assert.Equal("state-unwritable", refused.GetProperty("error").GetString());
        Assert.Equal(2u, node.Generation);
        Assert.Equal(3u, await node.ForceAsync());

        await RepairAsync(node, reason);
        Assert.True((await ForceFarAsync(node)).GetProperty("ok").GetBoolean());
        Assert.Equal(FarAhead, node.Generation);
        await Eventually.HoldsAsync(() => IsWritableAsync(node), what: "status says that the state can be stored");
        await Eventually.HoldsAsync(() => node.Log.Contains("State is stored again", StringComparison.Ordinal), what: "the log says that the state is stored again");
    }

    [Fact]
    public async Task A_node_that_never_could_store_anything_gives_out_no_number_until_it_can()
    {
        await using var node = NodeOnTrial.Create();
        node.Setup = $"mkdir -p {node.StateDirectory}; mount -t tmpfs -o ro sysgenid {node.StateDirectory}";
        await node.StartAgentAsync();

        Assert.False(await IsWritableAsync(node));
        var refused = await node.AskAsync(new { op = "force" });
        Assert.Equal("state-unwritable", refused.GetProperty("error").GetString());
        Assert.Contains("EROFS", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0u, node.Generation);

        await RepairAsync(node, "read-only");
        Assert.Equal(1u, await node.ForceAsync());
    }

    [Fact]
    public async Task S25_a_restore_that_cannot_be_numbered_is_refused_only_where_it_concerns_us()
    {
        await using var node = NodeOnTrial.Create();
        node.Setup = $"mkdir -p {node.StateDirectory}; mount -t tmpfs -o ro sysgenid {node.StateDirectory}";
        await node.StartAgentAsync();
        var pod = await node.StartPodAsync();

        await using var ours = await HookCall.Restored(node, await pod.ContainerAsync(), HookCall.ImagesWith(node, 0u)).EndAsync();
        await using var foreign = await HookCall.Restored(node, Environment.ProcessId, HookCall.ImagesWith(node, null)).EndAsync();

        Assert.Equal(1, ours.ExitCode);
        Assert.Contains("state-unwritable", ours.Errors, StringComparison.Ordinal);
        Assert.Equal(0, foreign.ExitCode);
    }

    [Fact]
    public async Task S25_a_missed_restore_is_kept_until_it_can_be_caught_up_with()
    {
        await using var node = NodeOnTrial.Create();
        node.Setup = $"mkdir -p {node.StateDirectory}; mount -t tmpfs -o ro sysgenid {node.StateDirectory}";
        await node.StartAgentAsync();
        await node.KillAgentAsync();
        await using (var foreign = await HookCall.Restored(node, Environment.ProcessId, HookCall.ImagesWith(node, null)).EndAsync())
            Assert.Equal(0, foreign.ExitCode);
        Assert.Single(Directory.EnumerateFiles(node.MissedDirectory));

        await node.StartAgentAsync();
        Assert.Equal(0u, node.Generation);
        await node.KillAgentAsync();
        node.Setup = "";
        await node.StartAgentAsync();

        Assert.Equal(1u, node.Generation);
        Assert.Empty(Directory.EnumerateFiles(node.MissedDirectory));
        var change = (await node.HistoryAsync()).GetProperty("changes").EnumerateArray().Last();
        Assert.Equal("missed", change.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("sidecar")]
    public async Task A_page_that_does_not_fit_on_a_full_file_system_is_a_sentence_and_no_crash(string program)
    {
        await using var node = NodeOnTrial.Create();
        var pod = node.CreatePod();
        var directory = program == "agent" ? node.RunDirectory : pod.Directory;
        var fill = $"mkdir -p {directory}; mount -t tmpfs -o size=64k sysgenid {directory}; cat /dev/zero > {directory}/filler || true";
        int exitCode;
        string said;
        if (program == "agent")
        {
            node.Setup = fill;
            (exitCode, said) = (await node.FailToStartAgentAsync(), node.Log);
        }
        else
        {
            var result = await ChildProcess.RunAsync(
                "unshare", "-m", "--propagation", "private", "sh", "-ec", fill + "\nexec \"$@\"", "sh", ToolPaths.Sidecar, "--dir", pod.Directory, "--agent", node.Socket);
            (exitCode, said) = (result.ExitCode, result.Output + result.Errors);
        }

        Assert.Equal(1, exitCode);
        Assert.Contains("ENOSPC", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static async Task SpoilAsync(NodeOnTrial node, string reason)
    {
        if (reason == "full")
            await InsideAsync(node, $"cat /dev/zero > {node.StateDirectory}/filler 2>/dev/null || true");
        else
            await InsideAsync(node, $"mount -o remount,ro {node.StateDirectory}");
    }

    private static Task RepairAsync(NodeOnTrial node, string reason) =>
        InsideAsync(node, reason == "full" ? $"rm {node.StateDirectory}/filler" : $"mount -o remount,rw {node.StateDirectory}");

    private static async Task InsideAsync(NodeOnTrial node, string commands) =>
        (await ChildProcess.RunAsync("nsenter", "-t", $"{node.Process.Id}", "-m", "sh", "-ec", commands)).OrThrow();

    private static async Task<bool> IsWritableAsync(NodeOnTrial node) =>
        (await node.StatusAsync()).GetProperty("state").GetProperty("writable").GetBoolean();

    private static Task<JsonElement> ForceFarAsync(NodeOnTrial node) => node.AskAsync(new { op = "force", minimumGeneration = FarAhead });
}
