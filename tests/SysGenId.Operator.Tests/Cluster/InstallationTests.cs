using System.Buffers.Text;
using System.Text;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Tests.Cluster;

public sealed class InstallationTests
{
    [Fact]
    public void A_pods_token_names_the_installation_by_its_service_account() => Assert.Equal(
        "e68d3126-0e79-4e10-bc33-492283b82685",
        Installation.Of(Token("""{"sub":"x","kubernetes.io":{"serviceaccount":{"name":"sysgenid-agent","uid":"e68d3126-0e79-4e10-bc33-492283b82685"}}}""") + "\n"));

    [Theory]
    [InlineData("""{"sub":"x"}""")]
    [InlineData("""{"kubernetes.io":{"serviceaccount":{"uid":7}}}""")]
    [InlineData("""{"kubernetes.io":"none"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Claims_without_it_name_none(string claims) => Assert.Null(Installation.Of(Token(claims)));

    [Theory]
    [InlineData("")]
    [InlineData("opaque")]
    [InlineData("a.?.c")]
    [InlineData("a.b.c.d")]
    public void What_is_no_such_token_names_none(string token) => Assert.Null(Installation.Of(token));

    private static string Token(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";
}
