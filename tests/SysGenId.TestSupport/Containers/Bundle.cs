using System.Text.Json;
using System.Text.Json.Nodes;

namespace SysGenId.TestSupport.Containers;

/// <summary>An OCI bundle: a root file system with busybox and the test's programs, and config.json.</summary>
internal static class Bundle
{
    private static readonly string[] Applets = ["sh", "sleep", "cat", "echo", "kill"];

    // Just enough to become somebody else; none that overrides file permissions.
    private static readonly string[] Capabilities = ["CAP_SETUID", "CAP_SETGID"];

    private static readonly string[] Environment = ["PATH=/bin"];

    /// <summary>Writes the bundle into an empty directory.</summary>
    public static void Create(string directory, string cgroup, ContainerOptions options)
    {
        var bin = Directory.CreateDirectory(Path.Combine(directory, "rootfs", "bin")).FullName;
        foreach (var mountPoint in new[] { "proc", "dev", "run", "work" })
            Directory.CreateDirectory(Path.Combine(directory, "rootfs", mountPoint));
        foreach (var program in options.Programs.Append(ToolPaths.Busybox!))
            File.Copy(program, Path.Combine(bin, Path.GetFileName(program)));
        foreach (var applet in Applets)
            File.CreateSymbolicLink(Path.Combine(bin, applet), "busybox");
        File.WriteAllText(Path.Combine(directory, "config.json"), Configuration(cgroup, options).ToJsonString());
    }

    // No rlimits: setting them needs CAP_SYS_RESOURCE, which a restored process would lack.
    private static JsonNode Configuration(string cgroup, ContainerOptions options) => JsonSerializer.SerializeToNode(new
    {
        ociVersion = "1.0.2",
        process = new
        {
            terminal = false,
            user = new { uid = options.User, gid = options.User },
            args = options.Command,
            env = Environment,
            cwd = "/",
            capabilities = new { bounding = Capabilities, permitted = Capabilities, effective = Capabilities },
            noNewPrivileges = true,
        },
        root = new { path = "rootfs" },
        annotations = options.Annotations,
        mounts = (object[])
        [
            new { destination = "/proc", type = "proc", source = "proc" },
            new { destination = "/dev", type = "tmpfs", source = "tmpfs", options = (string[])["nosuid", "mode=755", "size=64k"] },
            .. options.Mounts.Select(Mount),
        ],
        linux = new
        {
            cgroupsPath = cgroup,
            namespaces = Namespaces(options).Select(type => new { type }),
        },
    })!;

    private static object Mount(BindMount mount) => new
    {
        destination = mount.Destination,
        type = "bind",
        source = mount.Source,
        options = (string[])["bind", mount.Writable ? "rw" : "ro"],
    };

    private static IEnumerable<string> Namespaces(ContainerOptions options) =>
        (string[])["pid", "ipc", "uts", "mount", .. options.HasPrivateNetwork ? (string[])["network"] : []];
}
