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

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
            await node.Namespace.DisposeAsync();
        }
    }

    internal async Task<NodeUnderTest> GetAsync(CgroupLayout layout)
    {
        if (_nodes.TryGetValue(layout, out var node))
            return node;
        var created = await CheckpointNamespace.CreateAsync(layout);
        return _nodes[layout] = await NodeUnderTest.StartAsync(created);
    }
}
