using SysGenId.Operator.Node.Sidecars;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sidecars;

public sealed class PageIdentityTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public PageIdentityTests() => Requires.Root();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_page_is_the_same_by_every_name()
    {
        var page = Plant("one/generation");
        Directory.CreateSymbolicLink(_directory.File("link"), _directory.File("one"));
        Assert.Equal(page, Find("one"));
        Assert.Equal(page, Find("link"));
        Assert.NotEqual(page, Plant("other/generation"));
    }

    [Fact]
    public void A_page_belongs_to_its_owner()
    {
        Plant("one/generation");
        Assert.Null(PageIdentity.Find(Environment.ProcessId, 65534, _directory.File("one")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("missing")]
    [InlineData("\0")]
    [InlineData("/proc/self/fd")]
    public void A_directory_without_a_page_shows_none(string directory) =>
        Assert.Null(PageIdentity.Find(Environment.ProcessId, 0, directory));

    [Fact]
    public void What_is_no_regular_file_is_no_page()
    {
        Directory.CreateDirectory(_directory.File("one/generation"));
        Plant("target/generation");
        Directory.CreateDirectory(_directory.File("two"));
        File.CreateSymbolicLink(_directory.File("two/generation"), _directory.File("target/generation"));
        Assert.Null(Find("one"));
        Assert.Null(Find("two"));
    }

    [Fact]
    public async Task Links_in_the_root_of_a_process_do_not_lead_out_of_it()
    {
        // Outside the root is a page at /DIR/host; in there, links to it by its absolute path and by climbing.
        var host = Plant("host/generation");
        var root = _directory.CreateDirectory("root");
        File.CreateSymbolicLink(Path.Combine(root, "absolute"), _directory.File("host"));
        File.CreateSymbolicLink(Path.Combine(root, "climbing"), "../../../../../../../.." + _directory.File("host"));
        await using var process = await StartInRootAsync(root);

        Assert.Null(PageIdentity.Find(process.Id, 0, "/absolute"));
        Assert.Null(PageIdentity.Find(process.Id, 0, "/climbing"));
        Assert.Null(PageIdentity.Find(process.Id, 0, _directory.File("host")));
        Assert.Null(PageIdentity.Find(process.Id, 0, "/.." + _directory.File("host")));

        // The same path inside leads to what is inside.
        var inside = Plant("root" + _directory.File("host") + "/generation");
        Assert.Equal(inside, PageIdentity.Find(process.Id, 0, "/absolute"));
        Assert.Equal(inside, PageIdentity.Find(process.Id, 0, "/climbing"));
        Assert.NotEqual(host, inside);
    }

    private PageIdentity? Find(string name) => PageIdentity.Find(Environment.ProcessId, 0, _directory.File(name));

    private PageIdentity Plant(string path)
    {
        var file = _directory.Path + "/" + path;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, new byte[4096]);
        return PageIdentity.TryFind(Environment.ProcessId, file)!;
    }

    private static async Task<ChildProcess> StartInRootAsync(string root)
    {
        if (ToolPaths.Busybox is not { } busybox)
        {
            Assert.Skip("This test needs the package busybox-static.");
            throw new InvalidOperationException();
        }

        // By another process: what this one writes, a child that it just starts may hold open, and then it is not executed.
        (await ChildProcess.RunAsync("cp", busybox, Path.Combine(root, "busybox"))).OrThrow();
        var process = ChildProcess.Start("chroot", root, "/busybox", "cat");
        await Eventually.HoldsAsync(() => new FileInfo($"/proc/{process.Id}/root").LinkTarget == root, what: "the process is in its root");
        return process;
    }
}
