namespace SysGenId.TestSupport.Containers;

/// <summary>
/// A private mount namespace in which agent, hook, runtimes and CRIU of one test run together: it has an
/// /etc/criu and a /run of its own, so that tests neither read nor touch the machine's.
/// </summary>
/// <remarks>
/// Files in <see cref="Memory"/> and <see cref="Disk"/> have the same path inside and outside. What is only
/// inside is reached from outside through <see cref="Outside"/>.
/// </remarks>
internal sealed class CheckpointNamespace : IAsyncDisposable
{
    // A copy of /etc because /etc/criu need not exist on the machine, and must not be created there.
    // The last line keeps the namespace alive exactly as long as the test process holds its standard input.
    private const string Setup = """
        set -e
        mount -t tmpfs sysgenid "$1"
        cp -a /etc "$1/etc"
        rm -rf "$1/etc/criu"
        mkdir "$1/etc/criu"
        mount --bind "$1/etc" /etc
        mount -t tmpfs sysgenid /run
        if [ "$2" = Unified ] && [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
            mount -t cgroup2 sysgenid /sys/fs/cgroup
        fi
        echo ready
        exec cat
        """;

    // Joins the cgroups outside, where every hierarchy is visible, before the namespace is entered.
    private const string EnterCgroups = """
        while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done
        shift
        exec "$@"
        """;

    private const int LogsInEvidence = 4;
    private const int LinesInEvidence = 40;

    private readonly TemporaryDirectory _memory = new();
    private readonly TemporaryDirectory _disk = TemporaryDirectory.OnDisk();
    private readonly CgroupTree _cgroups = new();
    private readonly List<ChildProcess> _processes = [];
    private readonly ChildProcess _keeper;
    private int _names;

    private CheckpointNamespace(CgroupLayout layout) =>
        _keeper = ChildProcess.Start(
            "unshare", "-m", "--propagation", "private", "sh", "-c", Setup, "sh", _disk.CreateDirectory("etc"), $"{layout}");

    /// <summary>Whether runtimes see cgroups of version 2 only: asked for, or the machine has no others.</summary>
    public bool HasUnifiedCgroups => File.Exists(Outside("/sys/fs/cgroup/cgroup.controllers"));

    /// <summary>A directory on a tmpfs, for sockets and counter pages.</summary>
    public string Memory => _memory.Path;

    /// <summary>A directory on disk, for bundles, volumes and images.</summary>
    public string Disk => _disk.Path;

    public static async Task<CheckpointNamespace> CreateAsync(CgroupLayout layout = CgroupLayout.Machine)
    {
        Requires.CheckpointTools();
        var created = new CheckpointNamespace(layout);
        await Eventually.HoldsAsync(
            () => created._keeper.Output.StartsWith("ready", StringComparison.Ordinal) || created._keeper.HasExited,
            what: "the mount namespace is set up");
        if (created._keeper.HasExited)
            throw new InvalidOperationException($"No mount namespace: {created._keeper.Errors}");
        return created;
    }

    /// <summary>All there is to say when a test failed: what the programs started here printed, and the newest logs.</summary>
    public string Evidence => string.Join('\n', _processes.Select(process => process.Evidence).Concat(NewestLogs()));

    /// <summary>The path by which a process outside reaches a path inside.</summary>
    public string Outside(string path) => $"/proc/{_keeper.Id}/root{path}";

    /// <summary>Sets the content of a file in the namespace's /etc/criu, such as default.conf.</summary>
    public void WriteCriuConfig(string name, string content) => File.WriteAllText(Outside($"/etc/criu/{name}"), content);

    /// <summary>The content of a file in the namespace's /etc/criu; empty when there is none.</summary>
    public string ReadCriuConfig(string name) =>
        File.Exists(Outside($"/etc/criu/{name}")) ? File.ReadAllText(Outside($"/etc/criu/{name}")) : "";

    /// <summary>A name no other container, file or process of this namespace has.</summary>
    public string UniqueName(string stem) => $"{stem}-{Interlocked.Increment(ref _names)}";

    /// <summary>A pod without any container yet.</summary>
    public PodUnderTest CreatePod(string? uid = null) => new(_cgroups, uid);

    /// <summary>Runs a program inside to its end.</summary>
    public Task<CommandResult> RunAsync(string program, params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync("nsenter", Inside(program, arguments));

    /// <summary>Starts a program inside, in the cgroups of the tests. It ends with the namespace at the latest.</summary>
    public ChildProcess Start(string program, params IEnumerable<string> arguments) =>
        Track(ChildProcess.Start("nsenter", Inside(program, arguments)));

    /// <summary>The same for a helper of the tests, which the caller ends.</summary>
    public ChildProcess StartUntracked(string program, params IEnumerable<string> arguments) =>
        ChildProcess.Start("nsenter", Inside(program, arguments));

    /// <summary>Starts a program inside as a container of a pod: in its cgroup, without a runtime.</summary>
    public ChildProcess StartInPod(PodUnderTest pod, string container, string program, params IEnumerable<string> arguments) =>
        Track(ChildProcess.Start(
            "sh", ["-c", EnterCgroups, "sh", .. pod.EntrancesOf(container), "--", "nsenter", .. Inside(program, arguments)]));

    /// <summary>Creates the cgroup of a container before a runtime does.</summary>
    public void CreateCgroup(string path) => _cgroups.Create(path);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        await _cgroups.DisposeAsync();
        await _keeper.DisposeAsync();
        _memory.Dispose();
        _disk.Dispose();
    }

    // Of runtimes and CRIU; it is the last ones that failed.
    private IEnumerable<string> NewestLogs() =>
        Directory.EnumerateFiles(Disk, "*.log", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(Path.Combine(Disk, "etc"), StringComparison.Ordinal))
            .Select(path => new FileInfo(path))
            .Where(file => file.Length > 0)
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .Take(LogsInEvidence)
            .Select(file => $"--- {file.FullName}\n{string.Join('\n', File.ReadLines(file.FullName).TakeLast(LinesInEvidence))}");

    private ChildProcess Track(ChildProcess process)
    {
        _processes.Add(process);
        return process;
    }

    private IEnumerable<string> Inside(string program, IEnumerable<string> arguments)
    {
        // CRIU is found by name, and finds iptables by name.
        var path = $"PATH={ToolPaths.CheckpointTools}:{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        return ["-t", $"{_keeper.Id}", "-m", "env", path, program, .. arguments];
    }
}
