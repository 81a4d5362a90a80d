using SysGenId.Operator.Node.Peers;
using SysGenId.Operator.Node.Sidecars;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Peers;

public sealed class ContainerMountsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ContainerMountsTests()
    {
        Requires.Root();
        Directory.CreateDirectory(_directory.File("page"));
        File.WriteAllBytes(_directory.File("page/generation"), new byte[4096]);
    }

    private string PageDirectory => _directory.File("page");

    private PageIdentity Page => PageIdentity.Find(Environment.ProcessId, 0, PageDirectory)!;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("/run/sysgenid", true)]
    [InlineData("/run/sysgenid/inner", true)]
    [InlineData("/run/sysgenid-other", false)]
    [InlineData("/run/a b\\c\td", false)]
    [InlineData("/run/\\040", false)]
    public async Task A_page_is_found_wherever_its_directory_is_mounted(string place, bool isUsual)
    {
        await using var container = await FakeContainer.StartAsync(PageDirectory, place);
        var mounts = new ContainerMounts(container.InitPid);
        Assert.True(mounts.Have(Page));
        Assert.Equal(isUsual, mounts.HasUsualPage);
    }

    [Fact]
    public async Task A_page_that_is_not_mounted_is_not_had_though_its_file_system_is()
    {
        await using var container = await FakeContainer.StartAsync();
        var mounts = new ContainerMounts(container.InitPid);
        Assert.False(mounts.Have(Page));
        Assert.False(mounts.HasUsualPage);
    }

    [Fact]
    public async Task The_page_of_another_sidecar_is_not_had()
    {
        Directory.CreateDirectory(_directory.File("other"));
        File.WriteAllBytes(_directory.File("other/generation"), new byte[4096]);
        await using var container = await FakeContainer.StartAsync(_directory.File("other"));
        Assert.False(new ContainerMounts(container.InitPid).Have(Page));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_process_that_is_gone_has_nothing(int pid)
    {
        var mounts = new ContainerMounts(pid);
        Assert.False(mounts.Have(Page));
        Assert.False(mounts.HasUsualPage);
    }
}
