using System.Runtime.InteropServices;

namespace SysGenId.Cli.Diagnosis;

/// <summary>Is this a system the programs run on?</summary>
internal sealed class KernelChecks(Machine machine)
{
    private const string Release = "/proc/sys/kernel/osrelease";
    private const string UnifiedCgroups = "/sys/fs/cgroup/cgroup.controllers";
    private const string HybridCgroups = "/sys/fs/cgroup/unified/cgroup.controllers";
    private const string OldCgroups = "/sys/fs/cgroup/memory";

    // CAP_CHECKPOINT_RESTORE and all the hook needs.
    private static readonly Version _oldest = new(5, 9);

    /// <summary>In a node or a pod.</summary>
    public IEnumerable<Check> System() => [Linux(), Architecture()];

    /// <summary>What only a node needs.</summary>
    public IEnumerable<Check> Node() => [Root(), Futex(), ProcessDescriptors(), Cgroups()];

    public Check Futex() => machine.Features().SharedFutex
        ? Check.Ok("futex", "waiting on a read-only page works")
        : Check.Fail("futex", "waiting on a read-only page is refused", "Allow the system call futex: a seccomp filter forbids it.");

    private Check Linux()
    {
        var release = machine.Read(Release)?.Trim();
        if (release is null) return Check.Fail("linux", $"{Release} cannot be read", "Mount /proc.");
        var numbers = new string([.. release.TakeWhile(character => char.IsAsciiDigit(character) || character == '.')]).Trim('.');
        if (!Version.TryParse(numbers, out var version)) return Check.Warn("linux", $"Linux {release}, of unknown age", $"Linux {_oldest} is the oldest that works.");
        return version >= _oldest
            ? Check.Ok("linux", $"Linux {release}")
            : Check.Fail("linux", $"Linux {release} is too old", $"Use Linux {_oldest} or newer; 6.5 or newer is best.");
    }

    private static Check Architecture()
    {
        var name = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        return RuntimeInformation.OSArchitecture is global::System.Runtime.InteropServices.Architecture.X64 or global::System.Runtime.InteropServices.Architecture.Arm64
            ? Check.Ok("architecture", name)
            : Check.Warn("architecture", $"{name} was never tried", "Use x64 or arm64.");
    }

    private Check Root() => machine.IsRoot
        ? Check.Ok("root", "yes")
        : Check.Warn("root", $"no, uid {machine.UserId}", "Some checks see nothing without root: run `sudo sysgenid doctor`.");

    private Check ProcessDescriptors()
    {
        var features = machine.Features();
        if (!features.PidFd) return Check.Fail("pidfd", "processes cannot be held by descriptor", "Use Linux 5.9 or newer, and allow the system call pidfd_open.");
        return features.PeerPidFd
            ? Check.Ok("pidfd", "processes and socket peers can be held by descriptor")
            : Check.Warn(
                "pidfd", "socket peers cannot be held by descriptor (SO_PEERPIDFD)",
                "The agent identifies peers by process number instead, which can be taken over; Linux 6.5 or newer closes that gap.");
    }

    private Check Cgroups()
    {
        if (machine.Exists(UnifiedCgroups)) return Check.Ok("cgroup", "version 2");
        if (machine.Exists(HybridCgroups)) return Check.Ok("cgroup", "hybrid (version 1 and 2); crun needs version 2 alone");
        if (machine.Exists(OldCgroups)) return Check.Ok("cgroup", "version 1");
        return Check.Fail("cgroup", "/sys/fs/cgroup is empty", "Mount the cgroup file system: without it nobody can tell which pod a process is of.");
    }
}
