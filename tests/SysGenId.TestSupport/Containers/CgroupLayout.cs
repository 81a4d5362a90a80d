namespace SysGenId.TestSupport.Containers;

/// <summary>Which cgroup hierarchies runtimes see on /sys/fs/cgroup.</summary>
internal enum CgroupLayout
{
    /// <summary>Those of the machine: version 2, version 1 or the hybrid of both.</summary>
    Machine,

    /// <summary>Version 2 only, as on a current distribution. crun needs it where the machine has the hybrid.</summary>
    Unified,
}
