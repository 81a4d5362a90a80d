using SysGenId.TestSupport;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>The clients in samples/ are what people copy, so they must do what the protocol says.</summary>
public sealed class SampleTests(StandingNodes standing) : CheckpointTest(standing)
{
    [Fact]
    public async Task S12_the_c_sample_adapts_to_a_real_bump_and_wait_watchers_is_satisfied()
    {
        Requires.Compiler();
        await AdaptsAsync(await StaticProgram.CompileAsync("samples/watch-c/watch.c"));
    }

    [Fact]
    public async Task S12_the_python_sample_adapts_to_a_real_bump_and_wait_watchers_is_satisfied() =>
        await AdaptsAsync("python3", Path.Combine(ToolPaths.Repository, "samples/watch-python/watch.py"));

    [Fact]
    public async Task The_c_sample_acks_what_it_reads_and_says_what_it_handled_after_a_reconnect()
    {
        Requires.Compiler();
        await FollowsAcrossAReconnectAsync(await StaticProgram.CompileAsync("samples/watch-c/watch.c"));
    }

    [Fact]
    public async Task The_python_sample_acks_what_it_reads_and_says_what_it_handled_after_a_reconnect() =>
        await FollowsAcrossAReconnectAsync("python3", Path.Combine(ToolPaths.Repository, "samples/watch-python/watch.py"));

    private async Task AdaptsAsync(string program, params string[] arguments)
    {
        var pod = await PodAsync(Setup.Named("runc"));
        await using var sample = ChildProcess.Start(program, [.. arguments, pod.Sidecar.WatchSocket]);
        var before = pod.Generation;
        await Eventually.HoldsAsync(() => sample.Output == $"generation {before}\n");

        await pod.Node.ForceAsync();
        var waited = await pod.Node.WaitWatchersAsync(before + 1, Eventually.Patience);

        Assert.True(waited.GetProperty("ok").GetBoolean());
        await Eventually.HoldsAsync(() => sample.Output == $"generation {before}\ngeneration {before + 1}\n");
        var counts = await pod.Sidecar.WatchersAsync();
        Assert.Equal((1, 0), (counts.GetProperty("watchers").GetInt32(), counts.GetProperty("outdated").GetInt32()));
    }

    private static async Task FollowsAcrossAReconnectAsync(string program, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        using var server = new FakeWatchServer(directory.File("watch.sock"));
        await using var sample = ChildProcess.Start(program, [.. arguments, directory.File("watch.sock")]);

        using (var first = await server.AcceptAsync())
        {
            await first.SendAsync(5);
            Assert.Equal(5u, await first.ReceiveAsync());
        }

        using var second = await server.AcceptAsync();
        Assert.Equal(5u, await second.ReceiveAsync());
        await second.SendAsync(3_000_000_000);
        Assert.Equal(3_000_000_000u, await second.ReceiveAsync());
        await Eventually.HoldsAsync(() => sample.Output == "generation 5\ngeneration 3000000000\n");
    }
}
