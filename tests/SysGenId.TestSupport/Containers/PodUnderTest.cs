namespace SysGenId.TestSupport.Containers;

/// <summary>A pod as the kernel shows it: a cgroup with the pod's UID in its path, and a child of it for each container.</summary>
internal sealed class PodUnderTest
{
    private readonly CgroupTree _tree;

    public PodUnderTest(CgroupTree tree) => _tree = tree;

    /// <summary>The UID an API server would have given it.</summary>
    public string Uid { get; } = Guid.NewGuid().ToString();

    /// <summary>The processes that run in any container of the pod, as the host numbers them.</summary>
    public IReadOnlyList<int> Processes => _tree.ProcessesBelow($"{_tree.Root}/kubepods/besteffort/pod{Uid}");

    /// <summary>The cgroup of one of its containers, below the root of each hierarchy; named as the kubelet's cgroupfs driver does.</summary>
    public string CgroupOf(string container) => $"{_tree.Root}/kubepods/besteffort/pod{Uid}/{container}";

    /// <summary>Creates the cgroup of a container and returns the files through which a process enters it.</summary>
    public IReadOnlyList<string> EntrancesOf(string container) => _tree.Create(CgroupOf(container));
}
