using SysGenId.TestSupport.Containers;

namespace SysGenId.Checkpoint.Tests;

/// <summary>A runtime and the cgroups it sees; each reaches us in its own way.</summary>
internal sealed record Setup(ContainerRuntime Runtime, CgroupLayout Layout)
{
    /// <summary>The names of all, as the cases of a theory. crun cannot run on the hybrid that a machine may have.</summary>
    public static TheoryData<string> All => ["runc", "runc on cgroup v2", "crun"];

    public static Setup Named(string name) => name switch
    {
        "runc" => new(ContainerRuntime.Runc, CgroupLayout.Machine),
        "runc on cgroup v2" => new(ContainerRuntime.Runc, CgroupLayout.Unified),
        "crun" => new(ContainerRuntime.Crun, CgroupLayout.Unified),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such setup"),
    };
}
