using SysGenId.Core.CounterPage;
using SysGenId.Sidecar.Tests.Processes;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Startup;

/// <summary>The published program, in the volume and under the uid that a pod gives it.</summary>
public sealed class ReadyProcessTests
{
    private const string SidecarUser = "65532";
    private const string AppUser = "12345";

    [Theory]
    [InlineData("mode=1777")]
    [InlineData("mode=3777,gid=2000")]
    [InlineData("mode=2775,gid=65532")]
    public async Task In_a_memory_volume_every_uid_can_use_what_the_sidecar_makes(string volume)
    {
        await using var sidecar = new SidecarProcess();
        await using var mount = await MemoryVolume.MountAsync(sidecar.Directory, volume);
        Open(sidecar);
        Assert.Equal(1, (await ReadyAsync(sidecar, SidecarUser)).ExitCode);
        using (var link = sidecar.StartAs(SidecarUser, "umask 0077"))
        {
            link.Deliver(7, gateProven: true);
            foreach (var user in new[] { SidecarUser, AppUser, "0" })
            {
                var result = await ReadyAsync(sidecar, user, "--require-gate", "--wait", "10");
                Assert.Equal((0, $"The sidecar is ready at {sidecar.Directory}.\n"), (result.ExitCode, result.Output));
            }

            var read = await AsAsync(AppUser, "head", "-c1", sidecar.PagePath);
            Assert.Equal((0, "\a"), (read.ExitCode, read.Output.TrimEnd('\n')));
            var write = await AsAsync(AppUser, "sh", "-c", $"echo >> {sidecar.PagePath}");
            Assert.NotEqual(0, write.ExitCode);

            // A crash of the sidecar in such a volume: the same page again.
            await sidecar.Process.KillAsync();
        }

        using var again = sidecar.StartAs(SidecarUser, "umask 0077");
        Assert.Equal(8u, again.Deliver(1).Generation);
        Assert.Equal((UnixFileMode)PageLayout.Mode, File.GetUnixFileMode(sidecar.PagePath));
    }

    [Fact]
    public async Task It_tells_one_sentence_and_exits_with_1_while_something_is_missing()
    {
        await using var sidecar = new SidecarProcess();
        var result = await ChildProcess.RunAsync(ToolPaths.Sidecar, "ready", "--dir", sidecar.Directory);
        Assert.Equal((1, ""), (result.ExitCode, result.Errors));
        Assert.Equal(
            $"There is no counter page at {sidecar.PagePath} (ENOENT): the sidecar has not begun to serve, and its log says why.\n", result.Output);
        Assert.False(Directory.Exists(sidecar.Directory));
    }

    [Fact]
    public async Task Wrong_arguments_exit_with_2()
    {
        await using var sidecar = new SidecarProcess();
        var result = await ChildProcess.RunAsync(ToolPaths.Sidecar, "ready", "--gate");
        Assert.Equal((2, "sysgenid-sidecar: '--gate' is not an option; --dir must be given. Try --help.\n"), (result.ExitCode, result.Errors));
    }

    private static void Open(SidecarProcess sidecar)
    {
        foreach (var path in new[] { sidecar.Root, sidecar.AgentPath }) File.SetUnixFileMode(path, (UnixFileMode)0x1FF);
    }

    private static Task<CommandResult> ReadyAsync(SidecarProcess sidecar, string user, params string[] options) =>
        AsAsync(user, [ToolPaths.Sidecar, "ready", "--dir", sidecar.Directory, .. options]);

    private static Task<CommandResult> AsAsync(string user, params string[] command) =>
        ChildProcess.RunAsync("setpriv", ["--reuid", user, "--regid", user, "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", .. command]);
}
