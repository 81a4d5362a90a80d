using System.Text.RegularExpressions;

namespace SysGenId.Operator.Node.Peers;

/// <summary>Reads pod and container out of <c>/proc/PID/cgroup</c>, in the forms of the runtimes and cgroup drivers in use.</summary>
internal static partial class CgroupPath
{
    // On cgroup v1 the controllers that every runtime places containers in.
    private static readonly string[] _controllers = ["", "memory", "name=systemd"];

    /// <summary>Where a process is; null when the text names no cgroup.</summary>
    public static ContainerLocation? Parse(string? text)
    {
        ContainerLocation? outside = null;
        foreach (var path in Paths(text ?? ""))
        {
            var location = Locate(path);
            if (location.PodUid is not null) return location;
            if (path != "/" && outside is null or { ContainerId: "" }) outside = location;
            outside ??= location;
        }

        return outside;
    }

    private static IEnumerable<string> Paths(string text) =>
        from controller in _controllers
        from line in text.Split('\n')
        let fields = line.Split(':', 3)
        where fields.Length == 3 && fields[1].Split(',').Contains(controller)
        select fields[2];

    private static ContainerLocation Locate(string path)
    {
        // Suffixes only: a private cgroup namespace puts '/..' in front, a nested cluster other slices.
        if (Pod(path) is not { } pod) return new ContainerLocation(null, InnermostContainer(Parts(path)));
        var below = Parts(path[(pod.Index + pod.Length)..]);
        return new ContainerLocation(pod.Groups["uid"].Value.Replace('_', '-'), below.Length == 0 ? "" : ScopeId(below[0]) ?? below[0]);
    }

    // The outermost: what a container makes below its own cgroup may be named after any pod. Most processes of a node are
    // in no pod, and a restore waits for this: no expression is matched where it cannot match.
    private static Match? Pod(string path)
    {
        if (!path.Contains("pod", StringComparison.Ordinal)) return null;
        var (slice, directory) = (SystemdPod().Match(path), CgroupfsPod().Match(path));
        if (!slice.Success || (directory.Success && directory.Index < slice.Index)) slice = directory;
        return slice.Success ? slice : null;
    }

    // Outside pods. Below its scope a runtime may make a cgroup for the processes, podman's is 'container'.
    private static string InnermostContainer(string[] parts) => parts.Select(ScopeId).LastOrDefault(id => id is not null) ?? parts.LastOrDefault() ?? "";

    private static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static string? ScopeId(string part) =>
        part.EndsWith(".scope", StringComparison.Ordinal) && Scope().Match(part) is { Success: true } scope ? scope.Groups["id"].Value : null;

    // kubepods-besteffort-pod<uid with _>.slice; static pods have 32 hexadecimal digits without separators.
    [GeneratedRegex(@"(^|[/-])pod(?<uid>[0-9a-f]{8}(_[0-9a-f]{4}){3}_[0-9a-f]{12}|[0-9a-f]{32})\.slice(?=/|$)")]
    private static partial Regex SystemdPod();

    // /kubepods/burstable/pod<uid>/<container>
    [GeneratedRegex(@"/pod(?<uid>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?=/|$)")]
    private static partial Regex CgroupfsPod();

    [GeneratedRegex(@"^(cri-containerd-|crio-|docker-|libpod-)(?!conmon-)(?<id>[0-9A-Za-z_.-]+?)\.scope$")]
    private static partial Regex Scope();
}
