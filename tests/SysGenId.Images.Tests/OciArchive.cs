using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace SysGenId.Images.Tests;

/// <summary>An OCI archive, read as the specification of image layouts describes it, with every digest and size checked on the way.</summary>
internal sealed class OciArchive
{
    private readonly string _directory;

    private OciArchive(string directory) => _directory = directory;

    /// <summary>The digest of the index of all architectures: what a deployment can be pinned to.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>The full name an importing containerd gives it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The manifests by architecture.</summary>
    public IReadOnlyDictionary<string, JsonElement> Manifests { get; private set; } = new Dictionary<string, JsonElement>();

    /// <summary>Unpacks an archive into an empty directory and reads it.</summary>
    public static async Task<OciArchive> OpenAsync(string path, string directory)
    {
        await TarFile.ExtractToDirectoryAsync(path, directory, overwriteFiles: false);
        var archive = new OciArchive(directory);
        Assert.Equal("1.0.0", archive.Json("oci-layout").GetProperty("imageLayoutVersion").GetString());
        var entry = Assert.Single(archive.Json("index.json").GetProperty("manifests").EnumerateArray());
        archive.Digest = entry.GetProperty("digest").GetString()!;
        archive.Name = entry.GetProperty("annotations").GetProperty("io.containerd.image.name").GetString()!;
        archive.Manifests = archive.Blob(entry).GetProperty("manifests").EnumerateArray().ToDictionary(
            manifest => manifest.GetProperty("platform").GetProperty("architecture").GetString()!, archive.Blob);
        return archive;
    }

    /// <summary>The configuration of one image.</summary>
    public JsonElement Configuration(string architecture) => Blob(Manifests[architecture].GetProperty("config"));

    /// <summary>Applies an image's layers to an empty directory; every one must be what the configuration says.</summary>
    public async Task UnpackAsync(string architecture, string root)
    {
        var differences = Configuration(architecture).GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray();
        foreach (var (layer, difference) in Manifests[architecture].GetProperty("layers").EnumerateArray().Zip(differences))
        {
            await using var compressed = File.OpenRead(Checked(layer));
            await using var plain = new MemoryStream();
            await using (var stream = new GZipStream(compressed, CompressionMode.Decompress)) await stream.CopyToAsync(plain);
            plain.Position = 0;
            Assert.Equal(difference.GetString(), $"sha256:{Convert.ToHexStringLower(SHA256.HashData(plain))}");
            plain.Position = 0;
            await TarFile.ExtractToDirectoryAsync(plain, root, overwriteFiles: false);
        }
    }

    private JsonElement Blob(JsonElement descriptor) => JsonElement.Parse(File.ReadAllText(Checked(descriptor)));

    private JsonElement Json(string name) => JsonElement.Parse(File.ReadAllText(Path.Join(_directory, name)));

    private string Checked(JsonElement descriptor)
    {
        var digest = descriptor.GetProperty("digest").GetString()!;
        var path = Path.Join(_directory, "blobs", digest.Replace(':', '/'));
        Assert.Equal(descriptor.GetProperty("size").GetInt64(), new FileInfo(path).Length);
        using var blob = File.OpenRead(path);
        Assert.Equal(digest, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(blob))}");
        return path;
    }
}
