using SysGenId.Checkpoint.Tests;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Conformance.Tests.Nodes;

/// <summary>Makes pods with their sidecars.</summary>
internal static class TestPods
{
    public static async Task<PodOnNode> CreateAsync(NodeUnderTest node)
    {
        var pod = node.Namespace.CreatePod();
        return new PodOnNode(node, ContainerRuntime.Runc, pod, await SidecarUnderTest.StartAsync(node, pod));
    }
}
