using System.Text.Json;
using SysGenId.TestSupport;

namespace SysGenId.Images.Tests;

public sealed class ImageLayoutTests(BuiltImages images, ITestOutputHelper output)
{
    private static readonly string[] _labels = ["title", "description", "version", "revision", "created"];

    private static readonly EnumerationOptions _noLinks = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private IEnumerable<OciArchive> All => [images.Operator, images.Sidecar, images.Hook];

    [Fact]
    public void Digests_and_sizes_are_reported()
    {
        output.WriteLine(images.Said);
        Assert.All(All, image => Assert.Contains($"{image.Name} {image.Digest} ", images.Said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Skopeo_reads_every_archive()
    {
        Requires.Program("skopeo");
        foreach (var archive in Directory.GetFiles(images.Directory, "*.tar"))
        {
            var inspected = (await ChildProcess.RunAsync("skopeo", "inspect", $"oci-archive:{archive}")).OrThrow();
            Assert.Equal(BuiltImages.Architecture, JsonElement.Parse(inspected.Output).GetProperty("Architecture").GetString());
            using var copy = TemporaryDirectory.OnDisk();
            (await ChildProcess.RunAsync("skopeo", "copy", "--all", $"oci-archive:{archive}", $"oci:{copy.Path}:x")).OrThrow();
        }
    }

    [Fact]
    public void No_image_runs_as_root_and_each_says_what_it_is() => Assert.All(
        All.SelectMany(image => image.Manifests.Keys.Select(image.Configuration)),
        configuration =>
        {
            Assert.Equal("65532:65532", configuration.GetProperty("config").GetProperty("User").GetString());
            Assert.All(_labels, label => Assert.NotEmpty(
                configuration.GetProperty("config").GetProperty("Labels").GetProperty($"org.opencontainers.image.{label}").GetString()!));
        });

    [Theory]
    [InlineData("sidecar", "sysgenid-sidecar")]
    [InlineData("hook", "sysgenid-criu-hook")]
    public async Task Sidecar_and_hook_are_one_static_file(string which, string file)
    {
        var image = which == "sidecar" ? images.Sidecar : images.Hook;
        foreach (var architecture in image.Manifests.Keys)
        {
            using var root = TemporaryDirectory.OnDisk();
            await image.UnpackAsync(architecture, root.Path);
            Assert.Equal([root.File(file)], Directory.GetFileSystemEntries(root.Path, "*", SearchOption.AllDirectories));
            var kind = (await ChildProcess.RunAsync("file", root.File(file))).OrThrow().Output;
            Assert.Contains("statically linked", kind, StringComparison.Ordinal);
            Assert.Contains(architecture == "arm64" ? "ARM aarch64" : "x86-64", kind, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_operator_has_no_shell_and_the_hook_and_command_line_beside_it()
    {
        using var root = TemporaryDirectory.OnDisk();
        await images.Operator.UnpackAsync(BuiltImages.Architecture, root.Path);
        var programs = Directory.GetFiles(root.Path, "*", _noLinks)
            .Where(file => File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherExecute) && !file.Contains(".so", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(root.Path, file));
        Assert.Equal(
            ["usr/lib/sysgenid/sysgenid", "usr/lib/sysgenid/sysgenid-criu-hook", "usr/lib/sysgenid/sysgenid-operator"],
            programs.Where(file => !file.StartsWith("usr/share/dotnet/", StringComparison.Ordinal)).Order());
        Assert.Contains("Package: libssl3", string.Concat(Directory.GetFiles(root.File("var/lib/dpkg/status.d")).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_input_gives_the_same_digest()
    {
        using var again = TemporaryDirectory.OnDisk();
        await BuiltImages.BuildAsync(again.Path, "operator", BuiltImages.Architecture);
        await BuiltImages.BuildAsync(again.Path, "sidecar,hook", string.Join(',', images.Sidecar.Manifests.Keys), Compiled());
        foreach (var archive in Directory.GetFiles(images.Directory, "*.tar"))
            Assert.Equal(File.ReadAllBytes(archive), File.ReadAllBytes(again.File(Path.GetFileName(archive))));
    }

    // What the first build compiled for the other architecture.
    private IEnumerable<string> Compiled() =>
        images.Sidecar.Manifests.Keys.Where(architecture => architecture != BuiltImages.Architecture)
            .SelectMany(architecture => (string[])["--programs", $"{architecture}={Path.Join(ToolPaths.Artifacts, "images-work", "programs", architecture)}"]);
}
