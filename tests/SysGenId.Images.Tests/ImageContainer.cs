using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;

namespace SysGenId.Images.Tests;

/// <summary>
/// A container of an image as a strict cluster runs it: read-only root, no capabilities unless asked for, no new
/// privileges, user, entry point and environment of the image. It has the machine's network.
/// </summary>
internal sealed class ImageContainer : IAsyncDisposable
{
    private static readonly string[] _namespaces = ["pid", "ipc", "uts", "mount"];

    private readonly CheckpointNamespace _namespace;
    private readonly string _root;
    private readonly JsonElement _configuration;
    private readonly List<(string Program, string Name)> _started = [];

    private ImageContainer(CheckpointNamespace owner, string root, JsonElement configuration) =>
        (_namespace, _root, _configuration) = (owner, root, configuration.GetProperty("config"));

    public static async Task<ImageContainer> UnpackAsync(CheckpointNamespace owner, OciArchive image)
    {
        var root = Directory.CreateDirectory(Path.Join(owner.Disk, owner.UniqueName("root"))).FullName;
        await image.UnpackAsync(BuiltImages.Architecture, root);
        return new ImageContainer(owner, root, image.Configuration(BuiltImages.Architecture));
    }

    /// <summary>Starts it; it ends with its process, or with this object.</summary>
    public ChildProcess Start(ContainerRuntime runtime, ImageRun run)
    {
        var bundle = Directory.CreateDirectory(Path.Join(_namespace.Disk, _namespace.UniqueName("bundle"))).FullName;
        File.WriteAllText(Path.Join(bundle, "config.json"), JsonSerializer.Serialize(Bundle(run)));
        var program = runtime == ContainerRuntime.Runc ? "runc" : "crun";
        var name = _namespace.UniqueName("image");
        _started.Add((program, name));
        return _namespace.Start(program, "run", "--bundle", bundle, name);
    }

    /// <summary>Runs it to its end.</summary>
    public async Task<CommandResult> RunAsync(ContainerRuntime runtime, ImageRun run)
    {
        var process = Start(runtime, run);
        process.Input.Close();
        await process.ExitAsync();
        return new CommandResult(string.Join(' ', run.Arguments), process.ExitCode, process.Output, process.Errors);
    }

    /// <summary>A runtime that is killed leaves its container running.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (program, name) in _started) await _namespace.RunAsync(program, "delete", "--force", name);
    }

    private object Bundle(ImageRun run) => new
    {
        ociVersion = "1.0.2",
        process = new
        {
            terminal = false,
            user = User(run.User ?? _configuration.GetProperty("User").GetString()!),
            args = (string[])[.. run.EntryPoint ?? Strings("Entrypoint"), .. run.Arguments],
            env = Strings("Env"),
            cwd = "/",
            capabilities = new { bounding = run.Capabilities, permitted = run.Capabilities, effective = run.Capabilities },
            noNewPrivileges = true,
        },
        root = new { path = _root, @readonly = true },
        mounts = (object[])
        [
            new { destination = "/proc", type = "proc", source = "proc" },
            new { destination = "/dev", type = "tmpfs", source = "tmpfs", options = (string[])["nosuid", "mode=755", "size=64k"] },
            .. run.Mounts.Select(mount => new
            {
                destination = mount.Destination,
                type = "bind",
                source = mount.Source,
                options = (string[])["bind", mount.Writable ? "rw" : "ro"],
            }),
        ],
        linux = new
        {
            cgroupsPath = run.Cgroup,
            namespaces = _namespaces.Select(type => new { type }),
        },
    };

    private string[] Strings(string name) =>
        _configuration.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];

    private static object User(string user)
    {
        var parts = user.Split(':');
        return new { uid = int.Parse(parts[0]), gid = int.Parse(parts[1]) };
    }
}
