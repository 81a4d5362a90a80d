using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>S22: a container can be dumped while it watches, and watches again however the dump ended.</summary>
public sealed class ClosedSocketsTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string WatchSocket = "/run/sysgenid/watch.sock";
    private const string TwoWatchers = $"watcher {WatchSocket} /work/w1 & exec watcher {WatchSocket} /work/w2";

    private static readonly string[] _watchers = ["w1", "w2"];

    public static MatrixTheoryData<string, bool> SetupsAndWhetherItRunsOn => new(Setup.All.Select(row => row.Data), [true, false]);

    [Theory, MemberData(nameof(SetupsAndWhetherItRunsOn))]
    public async Task S22_a_container_with_watch_and_control_connections_is_dumped_and_restored(string setup, bool leaveRunning)
    {
        var pod = await PodAsync(Setup.Named(setup));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(
            volume,
            $"watcher {WatchSocket} /work/w3 --no-ack & control-waiter /dev/sysgenid {pod.Generation + 1} /run/sysgenid/control.sock /work/control & " +
            TwoWatchers);
        await Eventually.HoldsAsync(async () => await CountAsync(pod, "watchers") == 3);
        var forced = (await pod.Node.ForceAsync()).GetProperty("generation").GetUInt32();
        await volume.Log("control").NextAsync("waiting");
        foreach (var log in _watchers.Append("w3"))
            await volume.Log(log).FirstAsync(line => line[0] == "word" && line[1] == $"{forced}", $"the word {forced}");

        var checkpoint = await container.CheckpointAsync(leaveRunning);

        Assert.Equal(3, checkpoint.Record!["watchers"]!.GetValue<int>());
        Assert.Equal(leaveRunning, await container.IsRunningAsync());
        if (leaveRunning)
        {
            foreach (var log in _watchers.Append("w3"))
                await volume.Log(log).NextAsync("connected", skip: 1);
            await volume.Log("control").NextAsync("waiting", skip: 1);
        }

        volume = pod.CreateVolume();
        await using var clone = await pod.RestoreAsync(checkpoint, volume);
        foreach (var log in _watchers.Append("w3"))
            Assert.Equal($"{pod.Generation}", (await volume.Log(log).NextAsync("word"))[1]);
        await volume.Log("control").NextAsync("waiting");
    }

    /// <summary>CRIU then locks the network, one stage more, while the sockets are closed.</summary>
    [Fact]
    public async Task S22_a_watching_container_with_a_network_of_its_own_is_dumped_and_restored()
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, EveryWatcher.Command, options => options with { HasPrivateNetwork = true });
        await EveryWatcher.IsReadyAsync(volume);
        var checkpoint = await container.CheckpointAsync();

        volume = pod.CreateVolume();
        var between = TimeProvider.System.GetUtcNow();
        await using var clone = await pod.RestoreAsync(checkpoint, volume);

        Assert.All((await EveryWatcher.FirstSeenAsync(volume, between)).Values, seen => Assert.Equal(pod.Generation, seen));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S22_watchers_of_the_pods_other_container_come_back_and_nobody_waits_for_those_that_ended(bool leaveRunning)
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var (volume, othersVolume) = (pod.CreateVolume(), pod.CreateVolume());
        var container = await pod.RunAsync(volume, TwoWatchers);
        await pod.RunAsync(othersVolume, $"exec watcher {WatchSocket} /work/w1");
        await Eventually.HoldsAsync(async () => await CountAsync(pod, "watchers") == 3);
        await othersVolume.Log("w1").NextAsync("word");

        await container.CheckpointAsync(leaveRunning);

        await othersVolume.Log("w1").NextAsync("connected", skip: 1);
        await Eventually.HoldsAsync(async () =>
            await CountAsync(pod, "watchers") == (leaveRunning ? 3 : 1) && await CountAsync(pod, "outdated") == 0);
        await pod.Node.ForceAsync();
        Assert.True((await pod.Node.WaitWatchersAsync(pod.Node.Generation, Eventually.Patience)).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task S22_and_S27_without_the_line_the_gate_is_lost_and_a_watching_container_cannot_be_dumped()
    {
        var pod = await PodAsync(await OwnNodeAsync());
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, TwoWatchers);
        await Eventually.HoldsAsync(async () => await CountAsync(pod, "watchers") == 2);
        await Eventually.HoldsAsync(() => IsGateProvenAsync(pod));

        (await pod.Node.UninstallHookAsync()).OrThrow();
        await Eventually.HoldsAsync(async () => !await IsGateProvenAsync(pod));
        var refused = await Assert.ThrowsAsync<RuntimeFailedException>(() => container.CheckpointAsync());
        Assert.Contains("External socket is used", refused.CriuLog, StringComparison.Ordinal);

        (await pod.Node.InstallHookAsync()).OrThrow();
        await Eventually.HoldsAsync(() => IsGateProvenAsync(pod));
        await container.CheckpointAsync();
    }

    [Theory]
    [InlineData("pre-dump")]
    [InlineData("post-dump")]
    public async Task S22_sockets_serve_again_after_a_dump_that_another_action_script_failed(string stage)
    {
        var pod = await PodAsync(await OwnNodeAsync());
        var volume = pod.CreateVolume();
        var container = await WatchingAsync(pod, volume);
        var script = new ActionScript(pod.Node.Namespace, $"[ $CRTOOLS_SCRIPT_ACTION != {stage} ]");
        pod.Node.Namespace.WriteCriuConfig("default.conf", pod.Node.Namespace.ReadCriuConfig("default.conf") + script.ConfigurationLine);

        await Assert.ThrowsAsync<RuntimeFailedException>(() => container.CheckpointAsync());

        Assert.Contains(stage, script.Stages);
        await WatchAgainAsync(pod, volume);
    }

    [Fact]
    public async Task S22_sockets_serve_again_after_a_dump_that_failed_midway()
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var volume = pod.CreateVolume();
        var directory = Directory.CreateDirectory(Path.Combine(pod.Node.Namespace.Memory, pod.Node.Namespace.UniqueName("x"))).FullName;
        using var stranger = new FakeWatchServer(Path.Combine(directory, "s"));
        var container = await WatchingAsync(
            pod, volume, "watcher /stranger/s /work/stranger & ", options => options with { Mounts = [.. options.Mounts, new BindMount(directory, "/stranger")] });
        using var connection = await stranger.AcceptAsync();

        var refused = await Assert.ThrowsAsync<RuntimeFailedException>(() => container.CheckpointAsync());

        Assert.Contains("External socket is used", refused.CriuLog, StringComparison.Ordinal);
        await WatchAgainAsync(pod, volume);
    }

    /// <summary>On a kernel that cannot track memory the runtime refuses, which must not close the sockets either.</summary>
    [Fact]
    public async Task S22_sockets_serve_after_a_pre_dump()
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var volume = pod.CreateVolume();
        var container = await WatchingAsync(pod, volume);

        try
        {
            await container.PreDumpAsync();
        }
        catch (RuntimeFailedException refused) when (refused.Message.Contains("missing features", StringComparison.Ordinal))
        {
            TestContext.Current.TestOutputHelper?.WriteLine("this kernel has no CONFIG_MEM_SOFT_DIRTY: pre-dump refused");
        }

        await FollowAsync(pod, volume);
    }

    private static async Task<Container> WatchingAsync(
        PodOnNode pod, Volume volume, string more = "", Func<ContainerOptions, ContainerOptions>? change = null)
    {
        var container = await pod.RunAsync(volume, more + TwoWatchers, change);
        await Eventually.HoldsAsync(async () => await CountAsync(pod, "watchers") == 2);
        return container;
    }

    private static async Task WatchAgainAsync(PodOnNode pod, Volume volume)
    {
        foreach (var log in _watchers)
            await volume.Log(log).NextAsync("connected", skip: 1);
        await FollowAsync(pod, volume);
    }

    private static async Task FollowAsync(PodOnNode pod, Volume volume)
    {
        await Eventually.HoldsAsync(async () => await CountAsync(pod, "outdated") == 0 && await CountAsync(pod, "watchers") == 2);

        var generation = (await pod.Node.ForceAsync()).GetProperty("generation").GetUInt32();

        foreach (var log in _watchers)
            await volume.Log(log).FirstAsync(line => line[0] == "word" && line[1] == $"{generation}", $"the word {generation}");
        await Eventually.HoldsAsync(async () => await CountAsync(pod, "outdated") == 0);
    }

    private static async Task<int> CountAsync(PodOnNode pod, string name) =>
        (await pod.Sidecar.WatchersAsync()).GetProperty(name).GetInt32();

    private static async Task<bool> IsGateProvenAsync(PodOnNode pod) =>
        (await pod.Sidecar.GetAsync()).GetProperty("gateProven").GetBoolean();
}
