using System.Security.Cryptography;
using System.Text;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Programs;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>
/// What a guest boots into: our programs as users get them, the .NET runtime and Debian's libraries beside them as in the
/// operator's image, busybox, and the programs of the tests.
/// </summary>
internal sealed class GuestImage
{
    private const string Sources = "tests/SysGenId.VirtualMachine.Tests";
    private const string Libraries = "lib/x86_64-linux-gnu";
    private const string Loader = "lib64/ld-linux-x86-64.so.2";
    private const string DotnetRoot = "usr/share/dotnet";
    private const string AspNetCore = "Microsoft.AspNetCore.App";

    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    private GuestImage()
    {
    }

    /// <summary>Mount points, and where programs keep what they write.</summary>
    private static string[] Directories => ["dev", "proc", "run", "sys", "tmp", "var/lib", "var/log"];

    /// <summary>The directory of the .NET runtime that the tests run on, such as /usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.0.</summary>
    private static string Runtime { get; } = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>Whether the machine has what the agent runs on.</summary>
    public static bool HasRuntime => Directory.Exists(AspNetCoreRuntime);

    private static string AspNetCoreRuntime => Path.Join(SharedFrameworks, AspNetCore, Path.GetFileName(Runtime));

    private static string SharedFrameworks => Path.GetDirectoryName(Path.GetDirectoryName(Runtime))!;

    /// <summary>Builds the image, unless one of the very same content is there. Returns its path.</summary>
    public static async Task<string> BuildAsync()
    {
        var image = new GuestImage();
        image.AddOurPrograms();
        image.AddRuntime();
        image.AddLibraries();
        await image.AddTestProgramsAsync();
        return image.Build();
    }

    private void AddOurPrograms()
    {
        string[] programs = [ToolPaths.Sidecar, ToolPaths.Cli];
        foreach (var program in programs)
            _files[$"bin/{Path.GetFileName(program)}"] = program;
        foreach (var file in Directory.GetFiles(ToolPaths.Published, "*.dll").Concat(Directory.GetFiles(ToolPaths.Published, "sysgenid-operator*")))
            _files[$"usr/lib/sysgenid/{Path.GetFileName(file)}"] = file;
    }

    private void AddRuntime()
    {
        var version = Path.GetFileName(Runtime);
        var root = Path.GetDirectoryName(SharedFrameworks)!;
        string[] parts = [Path.Join(root, "host", "fxr", version), Runtime, AspNetCoreRuntime];
        foreach (var file in parts.SelectMany(Directory.GetFiles))
            _files[$"{DotnetRoot}/{Path.GetRelativePath(root, file)}"] = file;
    }

    private void AddLibraries()
    {
        foreach (var library in Directory.GetFiles(Tools.Libraries))
            _files[Path.GetFileName(library) == Path.GetFileName(Loader) ? Loader : $"{Libraries}/{Path.GetFileName(library)}"] = library;
    }

    private async Task AddTestProgramsAsync()
    {
        _files["bin/busybox"] = ToolPaths.Busybox!;
        foreach (var file in Directory.GetFiles(Path.Join(ToolPaths.Repository, Sources, "RootFileSystem")))
            _files[$"etc/{Path.GetFileName(file)}"] = file;
        foreach (var name in new[] { "watcher", "kernel-log" })
            _files[$"bin/{name}"] = await StaticProgram.CompileAsync($"{Sources}/Programs/{name}.c");
    }

    private string Build()
    {
        var kept = Path.Join(ToolPaths.Artifacts, "vm-guest");
        var image = Path.Join(kept, $"{Fingerprint()}.cpio");
        if (File.Exists(image))
            return image;
        if (Directory.Exists(kept))
            Directory.Delete(kept, recursive: true);
        Directory.CreateDirectory(kept);
        using (var target = File.Create($"{image}.unfinished"))
            Write(target);
        File.Move($"{image}.unfinished", image);
        return image;
    }

    private void Write(Stream target)
    {
        using var archive = new CpioArchive(target);
        foreach (var directory in Directories)
            archive.AddDirectory(directory);
        foreach (var (path, source) in _files)
            archive.AddFile(path, source);
        archive.AddLink("init", "bin/busybox");
    }

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, source) in _files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path} {File.GetUnixFileMode(source)}\n"));
            hash.AppendData(File.ReadAllBytes(source));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
