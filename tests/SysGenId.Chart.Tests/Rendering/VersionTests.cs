using System.Text.RegularExpressions;
using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Rendering;

public sealed partial class VersionTests
{
    [Fact]
    public void The_chart_installs_the_images_of_its_own_version()
    {
        var chart = YamlText.Documents(File.ReadAllText(Path.Join(ChartUnderTest.Directory, "Chart.yaml"))).Single();
        var product = Version().Match(File.ReadAllText(Path.Join(ToolPaths.Repository, "Directory.Build.props"))).Groups[1].Value;

        Assert.Equal(product, (string)chart["appVersion"]!);
        Assert.Equal(product, (string)chart["version"]!);
    }

    [GeneratedRegex("<VersionPrefix>(.*)</VersionPrefix>")]
    private static partial Regex Version();
}
