using System.IO.Compression;
using SysGenId.Client.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests.Packaging;

/// <summary>The packages, from packing to a program that runs with them.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task A_program_built_from_the_packages_ahead_of_time_without_a_warning_follows_the_generation()
    {
        Requires.Compiler();
        Requires.PublishedPrograms();
        using var consumer = new Consumer();
        (await ChildProcess.RunAsync(Path.Join(ToolPaths.Repository, "eng/pack.sh"), consumer.Feed)).OrThrow();
        AssertPackages(consumer.Feed);

        var published = (await consumer.PublishAsync()).OrThrow();
        Assert.DoesNotContain("warning", published.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", (await consumer.BuildForNet8Async()).OrThrow().Output.Replace("0 Warning", "", StringComparison.Ordinal), StringComparison.Ordinal);

        await using var sidecar = await SidecarUnderTest.AtAsync(7);
        await using var program = ChildProcess.Start("env", $"SYSGENID_DIR={sidecar.Directory}", consumer.Executable);
        await Eventually.HoldsAsync(() => program.Output == "Full secret of 7\n");
        sidecar.Agent.Deliver(8);
        await Eventually.HoldsAsync(() => program.Output == "Full secret of 7\nContainerRestored secret of 8\n");
        await sidecar.CountsAsync(1, 0);
    }

    private static void AssertPackages(string feed)
    {
        Assert.Equal(
            ["SysGenId.Client.0.1.0.nupkg", "SysGenId.Client.0.1.0.snupkg", "SysGenId.Core.0.1.0.nupkg", "SysGenId.Core.0.1.0.snupkg"],
            Directory.GetFiles(feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var package = ZipFile.OpenRead(Path.Join(feed, "SysGenId.Client.0.1.0.nupkg"));
        var files = package.Entries.Select(entry => entry.FullName).ToList();
        foreach (var file in (string[])["README.md", "lib/net10.0/SysGenId.Client.dll", "lib/net10.0/SysGenId.Client.xml", "lib/net8.0/SysGenId.Client.dll", "lib/net8.0/SysGenId.Client.xml"])
            Assert.Contains(file, files);
        using var specification = new StreamReader(package.GetEntry("SysGenId.Client.nuspec")!.Open());
        var text = specification.ReadToEnd();

        // Of another version it would know the internals.
        Assert.Equal(2, text.Split("<dependency id=\"SysGenId.Core\" version=\"[0.1.0]\"").Length - 1);
        Assert.Equal(2, text.Split("<dependency ").Length - 1);
    }
}
