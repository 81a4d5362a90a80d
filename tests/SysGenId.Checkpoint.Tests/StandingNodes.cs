using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Checkpoint.Tests;

/// <summary>
/// A node with default settings for each cgroup layout, shared by all tests that do not harm it. The hook gets into
/// its CRIU configuration as on a real machine, by <c>install-hook</c>.
/// </summary>
public sealed class StandingNodes : IAsyncDisposable
{
    private readonly Dictionary<CgroupLayout, NodeUnderTest> _nodes = [];
    private readonly List<CheckpointNamespace> _namespaces = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var created in _namespaces)
            await created.DisposeAsync();
    }

    internal async Task<NodeUnderTest> GetAsync(CgroupLayout layout)
    {
        if (_nodes.TryGetValue(layout, out var node))
            return node;
        var created = await CheckpointNamespace.CreateAsync(layout);
        _namespaces.Add(created);
        return _nodes[layout] = await NodeUnderTest.StartAsync(created);
    }
}
