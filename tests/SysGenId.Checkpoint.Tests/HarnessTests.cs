using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>Proves what the other tests stand on: real containers, dumped and restored by real CRIU with scripts of the test's own.</summary>
public sealed class HarnessTests
{
    private const string Page = "/dev/sysgenid";

    private static readonly string[] StagesOfDumpAndRestore =
    [
        "pre-dump", "post-dump",
        "pre-restore", "setup-namespaces", "post-setup-namespaces", "post-restore", "pre-resume", "post-resume",
    ];

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task Harness_restores_one_checkpoint_twice_as_two_containers(string name)
    {
        var setup = Setup.Named(name);
        await using var ns = await CheckpointNamespace.CreateAsync(setup.Layout);
        await using var original = await Container.RunAsync(ns, setup.Runtime, new ContainerOptions());

        var checkpoint = await original.CheckpointAsync();
        Assert.False(await original.IsRunningAsync());

        await using var first = await checkpoint.RestoreAsync();
        await using var second = await checkpoint.RestoreAsync(options => options with { Pod = ns.CreatePod() });
        Assert.True(await first.IsRunningAsync());
        Assert.True(await second.IsRunningAsync());
        Assert.NotEqual(await first.PidAsync(), await second.PidAsync());
    }

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task Harness_leaves_a_container_running_when_asked_to(string name)
    {
        var setup = Setup.Named(name);
        await using var ns = await CheckpointNamespace.CreateAsync(setup.Layout);
        await using var original = await Container.RunAsync(ns, setup.Runtime, new ContainerOptions());

        await original.CheckpointAsync(leaveRunning: true);

        Assert.True(await original.IsRunningAsync());
    }

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task Harness_calls_an_action_script_of_default_conf_at_every_stage_once(string name)
    {
        var setup = Setup.Named(name);
        await using var ns = await CheckpointNamespace.CreateAsync(setup.Layout);
        var script = new ActionScript(ns);
        ns.WriteCriuConfig("default.conf", script.ConfigurationLine);
        await using var original = await Container.RunAsync(ns, setup.Runtime, new ContainerOptions());

        await using var clone = await (await original.CheckpointAsync()).RestoreAsync();

        Assert.Equal(StagesOfDumpAndRestore, script.Stages);
    }

    /// <summary>runc hands such a file to CRIU in two ways, and CRIU before 4.2 takes it twice (criu issue 2727).</summary>
    [Fact]
    public async Task Harness_calls_an_action_script_of_the_containers_own_configuration()
    {
        await using var ns = await CheckpointNamespace.CreateAsync();
        var script = new ActionScript(ns);
        var configuration = Path.Combine(ns.Disk, "own.conf");
        await File.WriteAllTextAsync(configuration, script.ConfigurationLine, TestContext.Current.CancellationToken);
        var options = new ContainerOptions { Annotations = new Dictionary<string, string> { ["org.criu.config"] = configuration } };
        await using var original = await Container.RunAsync(ns, ContainerRuntime.Runc, options);

        await using var clone = await (await original.CheckpointAsync()).RestoreAsync();

        Assert.Equal(StagesOfDumpAndRestore.SelectMany(stage => new[] { stage, stage }), script.Stages);
    }

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task Harness_shows_every_reader_of_the_page_what_was_stored_before_the_resume(string name)
    {
        var setup = Setup.Named(name);
        await using var ns = await CheckpointNamespace.CreateAsync(setup.Layout);
        var directory = Directory.CreateDirectory(Path.Combine(ns.Memory, "sidecar")).FullName;
        var page = new FakePage(Path.Combine(directory, "generation"), 7);
        var script = new ActionScript(ns, "[ $CRTOOLS_SCRIPT_ACTION != post-restore ] || " + page.ShellCommandToPublish(8));
        ns.WriteCriuConfig("default.conf", script.ConfigurationLine);
        var volume = new Volume(ns);
        await using var original = await Container.RunAsync(ns, setup.Runtime, new ContainerOptions
        {
            Programs =
            [
                await Programs.SpinnerAsync(), await Programs.FutexWaiterAsync(),
                await Programs.InotifyWaiterAsync(), await Programs.AwsLcClientAsync(),
            ],
            Command =
            [
                "sh", "-c",
                $"futex-waiter {Page} /work/futex & inotify-waiter /run/sysgenid/generation /work/inotify & aws-lc-client /work/aws-lc & " +
                $"exec spinner {Page} /work/spinner",
            ],
            Mounts = [new BindMount(directory, "/run/sysgenid"), new BindMount(page.Path, Page), volume.Mount],
        });
        Assert.Equal("7", (await volume.Log("spinner").NextAsync("ready"))[1]);
        Assert.Equal("7", (await volume.Log("futex").NextAsync("ready"))[1]);
        Assert.Equal("7", (await volume.Log("inotify").NextAsync("ready"))[1]);
        Assert.Equal("7", (await volume.Log("aws-lc").NextAsync("value"))[1]);

        var checkpoint = await original.CheckpointAsync();
        var between = TimeProvider.System.GetUtcNow();
        await using var clone = await checkpoint.RestoreAsync();

        var gap = await volume.Log("spinner").FirstAsync(line => SpinnerGap.Covers(line, between), "the gap of the restore");
        Assert.Equal(7u, SpinnerGap.Parse(gap).Before);
        Assert.Equal(8u, SpinnerGap.Parse(gap).First);
        Assert.Equal("8", (await volume.Log("futex").NextAsync("woke"))[1]);
        Assert.Equal("8", (await volume.Log("inotify").NextAsync("woke"))[1]);
        Assert.Equal("8", (await volume.Log("aws-lc").NextAsync("value", skip: 1))[1]);
    }

    /// <summary>The instrument must be able to say no: what is published a stage too late is seen too late.</summary>
    [Fact]
    public async Task Harness_sees_a_stale_read_when_the_page_is_written_after_the_resume()
    {
        await using var ns = await CheckpointNamespace.CreateAsync();
        var page = new FakePage(Path.Combine(ns.Memory, "generation"), 7);
        var (volume, clonesVolume) = (new Volume(ns), new Volume(ns));
        var untilReported = $"until readlink {clonesVolume.Mount.Source}/* | grep -q gap; do sleep 0.01; done";
        var script = new ActionScript(ns, $"[ $CRTOOLS_SCRIPT_ACTION = post-resume ] || exit 0\n{untilReported}\n{page.ShellCommandToPublish(8)}");
        ns.WriteCriuConfig("default.conf", script.ConfigurationLine);
        await using var original = await Container.RunAsync(ns, ContainerRuntime.Runc, new ContainerOptions
        {
            Programs = [await Programs.SpinnerAsync()],
            Command = ["spinner", Page, "/work/log"],
            Mounts = [new BindMount(page.Path, Page), volume.Mount],
        });
        await volume.Log("log").NextAsync("ready");

        var checkpoint = await original.CheckpointAsync();
        var between = TimeProvider.System.GetUtcNow();
        await using var clone = await checkpoint.RestoreAsync(options => options with { Mounts = [options.Mounts[0], clonesVolume.Mount] });

        var gap = await clonesVolume.Log("log").FirstAsync(line => SpinnerGap.Covers(line, between), "the gap of the restore");
        Assert.Equal(7u, SpinnerGap.Parse(gap).First);
        Assert.Equal("8", (await clonesVolume.Log("log").NextAsync("change"))[3]);
    }

    /// <summary>
    /// With cgroups of version 2 a restored task is still in the cgroup it was dumped in when hooks run (and with
    /// runc stays there): the cgroup then names the pod of the checkpoint, not the pod that is being restored.
    /// </summary>
    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task Harness_shows_whose_cgroup_a_restored_container_is_in_at_post_restore(string name)
    {
        var setup = Setup.Named(name);
        await using var ns = await CheckpointNamespace.CreateAsync(setup.Layout);
        var seen = Path.Combine(ns.Disk, "cgroup");
        var script = new ActionScript(ns, $"[ $CRTOOLS_SCRIPT_ACTION != post-restore ] || cat /proc/$CRTOOLS_INIT_PID/cgroup > {seen}");
        ns.WriteCriuConfig("default.conf", script.ConfigurationLine);
        await using var original = await Container.RunAsync(ns, setup.Runtime, new ContainerOptions());
        var checkpoint = await original.CheckpointAsync();

        await using var clone = await checkpoint.RestoreAsync(options => options with { Pod = ns.CreatePod() });

        var expected = ns.HasUnifiedCgroups ? original.Pod : clone.Pod;
        Assert.Contains(expected.Uid, await File.ReadAllTextAsync(seen, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>CRIU finds the watched file through a mounted directory only; without /run/sysgenid it cannot name it.</summary>
    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task Harness_shows_that_inotify_on_the_device_file_alone_cannot_be_dumped(string name)
    {
        var setup = Setup.Named(name);
        await using var ns = await CheckpointNamespace.CreateAsync(setup.Layout);
        var page = new FakePage(Path.Combine(ns.Memory, "generation"), 7);
        var volume = new Volume(ns);
        await using var original = await Container.RunAsync(ns, setup.Runtime, new ContainerOptions
        {
            Programs = [await Programs.InotifyWaiterAsync()],
            Command = ["inotify-waiter", Page, "/work/log"],
            Mounts = [new BindMount(page.Path, Page), volume.Mount],
        });
        await volume.Log("log").NextAsync("ready");

        var refused = await Assert.ThrowsAsync<RuntimeFailedException>(() => original.CheckpointAsync());

        Assert.Contains("fsnotify", refused.CriuLog, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task S22_a_container_that_holds_a_connection_cannot_be_dumped_until_the_other_end_is_closed(string name)
    {
        var setup = Setup.Named(name);
        await using var ns = await CheckpointNamespace.CreateAsync(setup.Layout);
        var directory = Directory.CreateDirectory(Path.Combine(ns.Memory, "sidecar")).FullName;
        var server = new FakeWatchServer(Path.Combine(directory, "watch.sock"));
        var volume = new Volume(ns);
        await using var original = await Container.RunAsync(ns, setup.Runtime, new ContainerOptions
        {
            Programs = [await Programs.WatcherAsync()],
            Command = ["watcher", "/run/sysgenid/watch.sock", "/work/log"],
            Mounts = [new BindMount(directory, "/run/sysgenid"), volume.Mount],
        });
        using (server)
        {
            using var watcher = await server.AcceptAsync();
            await watcher.SendAsync(41);
            Assert.Equal(41u, await watcher.ReceiveAsync());

            var refused = await Assert.ThrowsAsync<RuntimeFailedException>(() => original.CheckpointAsync());
            Assert.Contains("External socket is used", refused.CriuLog, StringComparison.Ordinal);
            Assert.True(await original.IsRunningAsync());
        }

        await volume.Log("log").NextAsync("ended", skip: 1);
        var checkpoint = await original.CheckpointAsync();
        using var successor = new FakeWatchServer(Path.Combine(directory, "watch.sock"));
        await using var clone = await checkpoint.RestoreAsync();

        using var returned = await successor.AcceptAsync();
        Assert.Equal(41u, await returned.ReceiveAsync());
    }

    [Fact]
    public async Task Harness_shows_that_clones_mint_the_same_tokens_unless_they_look_at_the_page()
    {
        await using var ns = await CheckpointNamespace.CreateAsync();
        var page = new FakePage(Path.Combine(ns.Memory, "generation"), 7);

        Assert.True(await ClonesMintTheSameAsync(ns, page, "token-minter /work/log"));
        Assert.False(await ClonesMintTheSameAsync(ns, page, $"token-minter /work/log --sysgenid {Page}"));
    }

    private static async Task<bool> ClonesMintTheSameAsync(CheckpointNamespace ns, FakePage page, string command)
    {
        var script = new ActionScript(ns, "[ $CRTOOLS_SCRIPT_ACTION != post-restore ] || " + page.ShellCommandToPublish(8));
        ns.WriteCriuConfig("default.conf", script.ConfigurationLine);
        page.Publish(7);
        Volume[] volumes = [new(ns), new(ns), new(ns)];
        await using var original = await Container.RunAsync(ns, ContainerRuntime.Runc, new ContainerOptions
        {
            Programs = [await Programs.TokenMinterAsync()],
            Command = command.Split(' '),
            Mounts = [new BindMount(page.Path, Page), volumes[0].Mount],
        });
        await volumes[0].Log("log").NextAsync("token");
        var checkpoint = await original.CheckpointAsync();

        var tokens = new string[2];
        for (var clone = 0; clone < 2; clone++)
        {
            var volume = volumes[clone + 1];
            await using var restored = await checkpoint.RestoreAsync(o => o with { Mounts = [o.Mounts[0], volume.Mount] });
            tokens[clone] = (await volume.Log("log").NextAsync("token", skip: 1))[1];
        }

        return tokens[0] == tokens[1];
    }
}
