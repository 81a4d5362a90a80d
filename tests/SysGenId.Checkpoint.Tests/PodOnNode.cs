using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>A pod as the webhook leaves it: a sidecar, and containers that have its directory and the device.</summary>
internal sealed class PodOnNode : IAsyncDisposable
{
    private readonly ContainerRuntime _runtime;
    private readonly List<Container> _containers = [];

    public PodOnNode(NodeUnderTest node, ContainerRuntime runtime, PodUnderTest pod, SidecarUnderTest sidecar) =>
        (Node, _runtime, Pod, Sidecar) = (node, runtime, pod, sidecar);

    public NodeUnderTest Node { get; }

    public PodUnderTest Pod { get; }

    public SidecarUnderTest Sidecar { get; }

    /// <summary>The generation its page shows.</summary>
    public uint Generation => Sidecar.Generation;

    public Volume CreateVolume() => new(Node.Namespace);

    /// <summary>Starts a container with a shell command; the programs it names are in it.</summary>
    public async Task<Container> RunAsync(Volume volume, string command, Func<ContainerOptions, ContainerOptions>? change = null)
    {
        var options = Injected(volume) with
        {
            Programs = await Programs.NamedInAsync(command),
            Command = ["sh", "-c", command],
        };
        return Keep(await Container.RunAsync(Node.Namespace, _runtime, change is null ? options : change(options)));
    }

    /// <summary>Starts a container that nobody injected anything into.</summary>
    public async Task<Container> RunForeignAsync() =>
        Keep(await Container.RunAsync(Node.Namespace, _runtime, new ContainerOptions()));

    /// <summary>Restores a checkpoint as a container of this pod, wherever it was taken.</summary>
    public async Task<Container> RestoreAsync(TestSupport.Containers.Checkpoint checkpoint, Volume volume)
    {
        var injected = Injected(volume);
        return Keep(await checkpoint.RestoreAsync(options => options with { Pod = injected.Pod, Mounts = injected.Mounts }, Node.Namespace));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers)
            await container.DisposeAsync();
        await Sidecar.DisposeAsync();
    }

    private ContainerOptions Injected(Volume volume) => new() { Pod = Pod, Mounts = [.. Sidecar.Mounts, volume.Mount] };

    private Container Keep(Container container)
    {
        _containers.Add(container);
        return container;
    }
}
