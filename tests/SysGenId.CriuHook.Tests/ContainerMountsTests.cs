namespace SysGenId.CriuHook.Tests;

public sealed class ContainerMountsTests
{
    [Theory]
    [InlineData("/run/sysgenid", true)]
    [InlineData("/run/sysgenid/generation", true)]
    [InlineData("/dev/sysgenid", true)]
    [InlineData("/run/sysgenid2", false)]
    [InlineData("/var/run/sysgenid", false)]
    [InlineData("/dev/sysgenid2", false)]
    [InlineData("/dev/sysgenid/x", false)]
    [InlineData("/", false)]
    public void A_container_is_ours_when_it_sees_the_counter_page(string mountPoint, bool isOurs)
    {
        var mountinfo = $"""
            22 1 0:21 / / rw,relatime - overlay overlay rw
            23 22 0:22 /run/sysgenid {mountPoint} ro,nosuid shared:7 - tmpfs tmpfs ro
            24 22 0:23 / /proc rw - proc proc rw

            """;
        Assert.Equal(isOurs, ContainerMounts.AreOurs(mountinfo));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("1 2 3")]
    [InlineData("a b c /run/sysgenid")]
    public void Lines_of_another_form_are_nobodys(string mountinfo) => Assert.False(ContainerMounts.AreOurs(mountinfo));

    [Fact]
    public void A_process_that_is_gone_is_nobodys() => Assert.False(ContainerMounts.AreOurs(int.MaxValue));
}
