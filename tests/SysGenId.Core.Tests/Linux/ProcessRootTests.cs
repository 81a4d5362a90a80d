using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Linux;

public sealed class ProcessRootTests
{
    [Fact]
    public void A_path_of_this_process_is_the_file_it_is()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("file"), "12345");
        Assert.Equal(Files.TryStatus(directory.File("file"), out _), ProcessRoot.TryStatus(Environment.ProcessId, directory.File("file")));
        Assert.Null(ProcessRoot.TryStatus(Environment.ProcessId, directory.File("nothing")));
    }

    [Fact]
    public async Task In_another_root_absolute_links_and_dots_stay_inside()
    {
        Requires.Root();
        using var directory = TemporaryDirectory.OnDisk();
        (await ChildProcess.RunAsync("cp", ToolPaths.Busybox ?? "/bin/false", directory.File("busybox"))).OrThrow();
        if (ToolPaths.Busybox is null) Assert.Skip("This test needs the package busybox-static.");
        directory.CreateDirectory("etc");
        File.WriteAllText(directory.File("etc/passwd"), "inside");
        File.CreateSymbolicLink(directory.File("link"), "/etc");
        await using var child = ChildProcess.Start("chroot", directory.Path, "/busybox", "sleep", "60");
        await Eventually.HoldsAsync(() => ProcessTable.Link($"/proc/{child.Id}/root") == directory.Path);
        var inside = Files.TryStatus(directory.File("etc/passwd"), out _);
        Assert.Equal(inside, ProcessRoot.TryStatus(child.Id, "/etc/passwd"));
        Assert.Equal(inside, ProcessRoot.TryStatus(child.Id, "/link/passwd"));
        Assert.Equal(inside, ProcessRoot.TryStatus(child.Id, "/../../etc/passwd"));
        Assert.Null(ProcessRoot.TryStatus(child.Id, directory.File("etc/passwd")));
    }

    [Fact]
    public async Task Of_a_process_that_is_gone_there_is_no_root()
    {
        await using var child = ChildProcess.Start("true");
        await child.ExitAsync();
        Assert.Null(ProcessRoot.TryStatus(child.Id, "/"));
    }
}
