using SysGenId.Core.Linux;

namespace SysGenId.TestSupport.Containers;

/// <summary>
/// A subtree of its own in every cgroup hierarchy of the machine, below which the pods of one test live.
/// Removed with the processes still in it when disposed: a left-over cgroup with an exclusive cpuset makes
/// every later container start on the machine fail.
/// </summary>
internal sealed class CgroupTree : IAsyncDisposable
{
    /// <summary>A process may enter a cpuset only after its cpus are set, and nobody looks for pods there.</summary>
    private const string Cpuset = "cpuset";

    private readonly string _name = "sysgenid-" + Guid.NewGuid().ToString("N")[..8];
    private readonly IReadOnlyList<string> _hierarchies = Hierarchies();

    /// <summary>The subtree's path below each hierarchy's root.</summary>
    public string Root => "/" + _name;

    /// <summary>Creates a cgroup and returns the files that a process writes its id to in order to enter it.</summary>
    public IReadOnlyList<string> Create(string path)
    {
        var entrances = new List<string>();
        foreach (var hierarchy in _hierarchies.Where(h => !h.EndsWith(Cpuset, StringComparison.Ordinal)))
            entrances.Add(Directory.CreateDirectory(hierarchy + path).FullName + "/cgroup.procs");
        return entrances;
    }

    /// <summary>The processes in a cgroup and those below it, in whichever hierarchy they are there.</summary>
    public IReadOnlyList<int> ProcessesBelow(string path) =>
        [.. _hierarchies.Where(h => Directory.Exists(h + path))
            .SelectMany(h => Directory.GetFiles(h + path, "cgroup.procs", SearchOption.AllDirectories))
            .SelectMany(File.ReadLines).Select(int.Parse).Distinct()];

    public async ValueTask DisposeAsync()
    {
        foreach (var hierarchy in _hierarchies.Where(h => Directory.Exists(h + Root)))
            await Eventually.HoldsAsync(() => Removed(hierarchy + Root), what: $"{hierarchy}{Root} has no processes and is removed");
    }

    private static List<string> Hierarchies() =>
        [.. File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' '))
            .Where(fields => fields[Array.IndexOf(fields, "-") + 1] is "cgroup" or "cgroup2")
            .Select(fields => fields[4])];

    private static bool Removed(string directory)
    {
        foreach (var child in Directory.GetDirectories(directory))
            Removed(child);
        foreach (var process in File.ReadLines(directory + "/cgroup.procs").Where(id => id != "0"))
            _ = Libc.kill(int.Parse(process), (int)Signal.Kill);
        try
        {
            Directory.Delete(directory);
            return true;
        }
        catch (IOException)
        {
            return false; // A process in it is still ending.
        }
    }
}
