using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Peers;

/// <summary>The mounts of a container, read once from <c>/proc/PID/mountinfo</c> of its first process.</summary>
internal sealed class ContainerMounts
{
    private readonly int _pid;
    private readonly List<(string Device, string Point)> _mounts = [];
    private readonly Dictionary<(uint Major, uint Minor), HashSet<PageIdentity>> _pages = [];

    public ContainerMounts(int pid)
    {
        _pid = pid;
        var lines = (ProcessTable.Mounts(pid) ?? "").AsSpan();
        foreach (var line in lines.Split('\n')) Add(lines[line]);
    }

    /// <summary>Whether it has a counter page where injected containers have theirs.</summary>
    public bool HasUsualPage => _mounts.Exists(mount => SystemPaths.IsPageMount(mount.Point));

    /// <summary>
    /// Whether this page is mounted, by itself or in its directory. Only a mount of the page's own device can lead to
    /// it, so no other file system is asked, and none can hang us.
    /// </summary>
    public bool Have(PageIdentity page) => PagesOn(page.Device).Contains(page);

    private void Add(ReadOnlySpan<char> line)
    {
        // id parent major:minor root mountpoint options…
        Span<Range> fields = stackalloc Range[6];
        if (line.Split(fields, ' ') > 4) _mounts.Add((line[fields[2]].ToString(), Unescape(line[fields[4]].ToString())));
    }

    // Looked up once a device, not once a sidecar: a restore waits for this.
    private HashSet<PageIdentity> PagesOn((uint Major, uint Minor) device)
    {
        if (_pages.TryGetValue(device, out var pages)) return pages;
        var number = $"{device.Major}:{device.Minor}";
        pages = [];
        using var root = ProcessRoot.TryOpen(_pid);
        foreach (var mount in _mounts)
        {
            if (root is not null && mount.Device == number) AddPages(pages, root, mount.Point);
        }

        return _pages[device] = pages;
    }

    private static void AddPages(HashSet<PageIdentity> pages, Descriptor root, string point)
    {
        if (PageIdentity.TryFind(root, point) is { } itself) pages.Add(itself);
        if (PageIdentity.TryFind(root, Path.Join(point, SystemPaths.PageName)) is { } within) pages.Add(within);
    }

    // Space, tab, newline and backslash stand as octal numbers.
    private static string Unescape(string field) => field.Contains('\\')
        ? field.Replace("\\040", " ").Replace("\\011", "\t").Replace("\\012", "\n").Replace("\\134", "\\")
        : field;
}
