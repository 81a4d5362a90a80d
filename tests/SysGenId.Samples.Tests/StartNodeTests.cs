using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Samples.Tests;

/// <summary>samples/start-node.sh: a node and a pod for trying.</summary>
public sealed class StartNodeTests
{
    [Fact]
    public async Task What_it_starts_is_bumped_as_it_says_and_ends_with_it()
    {
        Requires.PublishedPrograms();
        using var directory = new TemporaryDirectory();
        var there = directory.File("node");
        await using var script = ChildProcess.Start(
            "env", $"SYSGENID_PUBLISH_DIR={ToolPaths.Published}", Path.Combine(ToolPaths.Repository, "samples", "start-node.sh"), there);
        await Eventually.HoldsAsync(() => script.Output.Contains("sysgenid wait", StringComparison.Ordinal) || script.HasExited);
        Assert.Contains($"export SYSGENID_DIR={there}/pod\n", script.Output, StringComparison.Ordinal);
        var socket = $"{there}/node/node.sock";
        Assert.Contains($"sysgenid bump --socket {socket}\n", script.Output, StringComparison.Ordinal);

        (await ChildProcess.RunAsync(ToolPaths.Cli, "bump", "--socket", socket)).OrThrow();
        await Eventually.HoldsAsync(() => CounterPageFile.ReadGeneration($"{there}/pod/generation") == 1);

        Assert.Equal(0, await script.StopAsync());
        Assert.Equal(3, (await ChildProcess.RunAsync(ToolPaths.Cli, "status", "--socket", socket)).ExitCode);
    }
}
