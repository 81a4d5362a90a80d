using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Processes;

public sealed class SidecarProcessTests
{
    [Fact]
    public async Task S02_killed_at_any_moment_it_goes_on_with_the_same_page_and_never_lower()
    {
        await using var sidecar = new SidecarProcess();
        var random = new Random(3);
        ulong? inode = null;
        CounterPageReader? reader = null;
        var highest = 0u;
        for (var round = 0; round < 30; round++)
        {
            using var link = sidecar.Start();
            reader ??= CounterPageReader.Open(sidecar.PagePath);
            Assert.True(reader.Generation >= highest);
            for (var left = random.Next(0, 30); left > 0; left--) highest = link.Deliver(1).Generation!.Value;
            link.Send(AgentSide.Change(1));
            await sidecar.Process.KillAsync();

            // The one that may or may not have been published belongs to the next life.
            Assert.InRange(reader.Generation, highest, highest + 1);
            highest = reader.Generation;
            var page = Files.TryStatus(sidecar.PagePath, out _)!.Value;
            inode ??= page.Inode;
            Assert.Equal((inode.Value, 4096L, PageLayout.Mode), (page.Inode, page.Size, page.Permissions));
        }

        reader!.Dispose();
    }

    [Fact]
    public async Task After_a_crash_watchers_reconnect_where_the_old_socket_was()
    {
        await using var sidecar = new SidecarProcess();
        // Until it is killed it has its agent: else it would look for another, which the next one is to find.
        using var link = sidecar.Start();
        link.Deliver(7);
        using (var watcher = new WatchClient(sidecar.WatchPath)) Assert.Equal(7u, watcher.Read());
        await sidecar.Process.KillAsync();
        Assert.True(File.Exists(sidecar.WatchPath));
        using var again = sidecar.Start();
        again.Deliver(8);
        using var returned = new WatchClient(sidecar.WatchPath);
        Assert.Equal(8u, returned.Read());
    }

    [Theory]
    [InlineData(SignalDescriptor.Terminate)]
    [InlineData(SignalDescriptor.Interrupt)]
    public async Task A_signal_ends_it_with_success_and_its_sockets_are_gone(int signal)
    {
        await using var sidecar = new SidecarProcess();
        using var link = sidecar.Start();
        link.Deliver(7);
        sidecar.Process.Send((Signal)signal);
        await sidecar.Process.ExitAsync();
        Assert.Equal((0, ""), (sidecar.Process.ExitCode, sidecar.Process.Errors));
        Assert.False(File.Exists(sidecar.WatchPath));
        using var page = CounterPageReader.Open(sidecar.PagePath);
        Assert.Equal((7u, PageFlags.None), (page.Generation, page.Read().Flags));
    }

    [Fact]
    public async Task Two_sidecars_never_share_a_page()
    {
        await using var sidecar = new SidecarProcess();
        using var link = sidecar.Start();
        link.Deliver(7);
        var second = await sidecar.RunAsync();
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another sidecar serves", second.Errors, StringComparison.Ordinal);
        Assert.Equal(8u, link.Deliver(8).Generation);
        using var watcher = new WatchClient(sidecar.WatchPath);
        Assert.Equal(8u, watcher.Read());
    }

    [Theory]
    [InlineData("generation")]
    [InlineData("generation.lock")]
    [InlineData("watch.sock")]
    [InlineData("control.sock")]
    public async Task A_planted_symbolic_link_is_refused_and_what_it_points_to_is_left_alone(string name)
    {
        await using var sidecar = new SidecarProcess();
        Directory.CreateDirectory(sidecar.Directory);
        var victim = Path.Combine(sidecar.Root, "victim");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(Path.Combine(sidecar.Directory, name), victim);
        var result = await sidecar.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(name, result.Errors, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public async Task A_foreign_file_in_the_place_of_the_page_is_refused_and_left_alone()
    {
        await using var sidecar = new SidecarProcess();
        Directory.CreateDirectory(sidecar.Directory);
        File.WriteAllText(sidecar.PagePath, "mine");
        var result = await sidecar.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("is not a counter page", result.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(sidecar.PagePath));
    }

    [Fact]
    public async Task The_directory_itself_may_be_reached_through_a_link()
    {
        await using var sidecar = new SidecarProcess();
        Directory.CreateDirectory(Path.Combine(sidecar.Root, "real"));
        File.CreateSymbolicLink(sidecar.Directory, Path.Combine(sidecar.Root, "real"));
        using var link = sidecar.Start();
        Assert.Equal(7u, link.Deliver(7).Generation);
        Assert.True(File.Exists(Path.Combine(sidecar.Root, "real", "generation")));
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_made_readable_for_everybody()
    {
        await using var sidecar = new SidecarProcess();
        using var link = sidecar.Start();
        link.Deliver(7);
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(sidecar.Directory));
        Assert.Equal((UnixFileMode)0x1B6, File.GetUnixFileMode(sidecar.WatchPath));
    }

    [Fact]
    public async Task Without_any_privilege_it_does_all_the_same_and_finds_its_page_again()
    {
        Requires.Root();
        await using var sidecar = new SidecarProcess();
        foreach (var path in new[] { sidecar.Root, sidecar.AgentPath }) File.SetUnixFileMode(path, (UnixFileMode)0x1FF);
        for (var life = 1u; life <= 3; life++)
        {
            using var link = sidecar.StartUnprivileged();
            Assert.Equal(life, link.Deliver(1).Generation);
            using var watcher = new WatchClient(sidecar.WatchPath);
            Assert.Equal(life, watcher.Read());
            link.Quiesce("one");
            await sidecar.Process.KillAsync();
        }
    }

    [Fact]
    public async Task Hundreds_of_watchers_fit_under_a_soft_limit_of_descriptors()
    {
        await using var sidecar = new SidecarProcess();
        await using var shell = ChildProcess.Start(
            "sh", "-c", $"ulimit -S -n 256; exec {ToolPaths.Sidecar} --dir {sidecar.Directory} --agent {sidecar.AgentPath}");
        using var link = sidecar.Agent.AcceptRegistered();
        link.Deliver(1);
        var watchers = Enumerable.Range(0, 600).Select(_ => new WatchClient(sidecar.WatchPath)).ToList();
        foreach (var watcher in watchers) Assert.Equal(1u, watcher.Read());
        Assert.Equal(600, link.Deliver(2).Outdated);
        foreach (var watcher in watchers) watcher.Dispose();
    }

    [Fact]
    public async Task Wrong_arguments_are_told_at_once_with_exit_code_2()
    {
        await using var sidecar = new SidecarProcess();
        var result = await ChildProcess.RunAsync(ToolPaths.Sidecar, "--speed", "--max-watchers", "0");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--dir must be given; --agent must be given; --max-watchers must be", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_version_go_to_standard_output()
    {
        await using var sidecar = new SidecarProcess();
        var help = (await ChildProcess.RunAsync(ToolPaths.Sidecar, "--help")).OrThrow();
        Assert.Equal(CommandLine.Help, help.Output);
        var version = (await ChildProcess.RunAsync(ToolPaths.Sidecar, "--version")).OrThrow();
        Assert.Equal(ProductVersion.Text + "\n", version.Output);
    }

    [Fact]
    public async Task It_stays_small_and_sleeps_when_nothing_happens()
    {
        await using var sidecar = new SidecarProcess();
        using var link = sidecar.Start();
        link.Deliver(1);
        var watchers = Enumerable.Range(0, 64).Select(_ => new WatchClient(sidecar.WatchPath)).ToList();
        for (var generation = 2u; generation <= 300; generation++)
        {
            link.Deliver(generation);
            foreach (var watcher in watchers) watcher.ReadUntil(generation);
            foreach (var watcher in watchers) watcher.Write(generation);
        }

        Message stats;
        do stats = link.Receive(Operation.Stats);
        while (stats is not { Generation: 300, Outdated: 0 });
        Assert.InRange(new FileInfo(ToolPaths.Sidecar).Length, 1, 4 << 20);
        Assert.InRange(sidecar.ResidentKiB(), 1, 5 * 1024);

        // What was set off before may end; from then on there is nothing that could wake it.
        await Eventually.HoldsAsync(() => IsAsleepFor(sidecar, TimeSpan.FromSeconds(2)));
        foreach (var watcher in watchers) watcher.Dispose();
    }

    [Fact]
    public async Task A_log_nobody_reads_stops_nothing()
    {
        await using var sidecar = new SidecarProcess();
        var command = $"{ToolPaths.Sidecar} --dir {sidecar.Directory} --agent {sidecar.AgentPath} 2>&1 | sleep 600";
        await using var shell = ChildProcess.Start("setsid", "sh", "-c", command);
        try
        {
            using var link = sidecar.Agent.AcceptRegistered();
            for (var generation = 1u; generation <= 2000; generation++) Assert.Equal(generation, link.Deliver(generation).Generation);
        }
        finally
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["--", $"-{shell.Id}"]);
            kill.WaitForExit();
        }
    }

    private static bool IsAsleepFor(SidecarProcess sidecar, TimeSpan time)
    {
        var before = Switches(sidecar);
        var start = TimeProvider.System.GetTimestamp();
        SpinWait.SpinUntil(() => TimeProvider.System.GetElapsedTime(start) >= time);
        return Switches(sidecar) == before;
    }

    private static long Switches(SidecarProcess sidecar) =>
        sidecar.Status("voluntary_ctxt_switches") + sidecar.Status("nonvoluntary_ctxt_switches");
}
