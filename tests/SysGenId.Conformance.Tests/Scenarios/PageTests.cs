using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S15: the page as a file.</summary>
public sealed class PageTests : ConformanceTest
{
    private const int Length = 4096;
    private const uint ReadableByAll = 0x124; // 0444

    [Theory, Over(Capability.Page)]
    public async Task S15_one_mapping_shows_every_generation_in_its_first_4_bytes(string over)
    {
        var world = await WorldAsync<IPagedWorld>(over, 60);
        using var file = Files.Open(world.PagePath, Files.ReadOnly);
        using var page = new SharedPage(file, Length, writable: false);
        foreach (var generation in (uint[])[61, 0x8000_0001, uint.MaxValue])
        {
            await world.BumpAsync(generation);
            Assert.Equal((generation, generation), (First(page), world.Current));
        }
    }

    [Theory, Over(Capability.PageFile)]
    public async Task S15_mapping_it_for_writing_fails(string over)
    {
        var world = await WorldAsync<IPagedWorld>(over, 60);
        using var file = Files.Open(world.PagePath, Files.ReadOnly);
        Assert.Equal(Errno.EACCES, Assert.Throws<LinuxException>(() => new SharedPage(file, Length, writable: true)).Error);
    }

    [Theory, Over(Capability.PageFile)]
    public async Task S15_who_has_no_rights_opens_it_for_reading_only(string over)
    {
        Requires.Root();
        var world = await WorldAsync<IPagedWorld>(over, 60);
        File.SetUnixFileMode(Path.GetDirectoryName(world.PagePath)!, (UnixFileMode)0b111_101_101);

        Assert.Equal(0, (await AsNobodyAsync($"exec 3< {world.PagePath}")).ExitCode);
        Assert.NotEqual(0, (await AsNobodyAsync($"exec 3<> {world.PagePath}")).ExitCode);
    }

    [Theory, Over(Capability.PageFile, Capability.Restart)]
    public async Task S15_the_file_keeps_inode_size_and_mode_over_bumps_and_restarts_and_a_mapping_goes_on(string over)
    {
        var world = await WorldAsync<IRestartingWorld>(over, 60);
        var path = ((IPagedWorld)world).PagePath;
        using var page = CounterPageReader.Open(path);
        var before = Files.TryStatus(path, out _)!.Value;
        Assert.Equal((Length, ReadableByAll), (before.Size, before.Permissions));

        for (var round = 0; round < 3; round++)
        {
            await world.BumpAsync();
            await world.RestartAsync(world.Current);
            await world.BumpAsync();
            var now = Files.TryStatus(path, out _)!.Value;
            Assert.Equal((before.Device, before.Inode, before.Size, before.Mode), (now.Device, now.Inode, now.Size, now.Mode));
            Assert.Equal(world.Current, page.Generation);
        }
    }

    private static Task<CommandResult> AsNobodyAsync(string command) =>
        ChildProcess.RunAsync("setpriv", "--reuid", "65534", "--clear-groups", "sh", "-c", command);

    private static unsafe uint First(SharedPage page) => Volatile.Read(ref *(uint*)page.Start);
}
