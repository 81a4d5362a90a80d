namespace SysGenId.TestSupport.Containers;

/// <summary>A pod as the kernel shows it: a cgroup with the pod's UID in its path, and a child of it for each container.</summary>
internal sealed class PodUnderTest
{
    private readonly CgroupTree _tree;
    private readonly Func<string, string, string> _form;

    /// <param name="tree">Where its cgroups are.</param>
    /// <param name="uid">The UID that an API server gave it; null makes one up.</param>
    /// <param name="form">How its containers' cgroups are called, from UID and container; null: as the kubelet's cgroupfs driver does.</param>
    public PodUnderTest(CgroupTree tree, string? uid = null, Func<string, string, string>? form = null)
    {
        (_tree, Uid) = (tree, uid ?? Guid.NewGuid().ToString());
        _form = form ?? ((pod, container) => $"/kubepods/besteffort/pod{pod}/{container}");
    }

    /// <summary>The UID an API server has given it, or would have.</summary>
    public string Uid { get; }

    /// <summary>The processes that run in any container of the pod, as the host numbers them.</summary>
    public IReadOnlyList<int> Processes => _tree.ProcessesBelow($"{_tree.Root}/kubepods/besteffort/pod{Uid}");

    /// <summary>The cgroup of one of its containers, below the root of each hierarchy.</summary>
    public string CgroupOf(string container) => _tree.Root + _form(Uid, container);

    /// <summary>Creates the cgroup of a container and returns the files through which a process enters it.</summary>
    public IReadOnlyList<string> EntrancesOf(string container) => _tree.Create(CgroupOf(container));
}
