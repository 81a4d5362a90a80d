namespace SysGenId.TestSupport.Containers;

/// <summary>A running container; killed and removed when disposed.</summary>
internal sealed class Container : IAsyncDisposable
{
    private readonly CheckpointNamespace _namespace;
    private readonly ContainerRuntime _kind;
    private readonly RuntimeCommand _runtime;
    private readonly ContainerOptions _options;

    /// <summary>Prepares one; <see cref="RunAsync"/> or <see cref="RestoreAsync"/> bring it to life.</summary>
    internal Container(CheckpointNamespace owner, ContainerRuntime runtime, ContainerOptions options)
    {
        _namespace = owner;
        _kind = runtime;
        _runtime = new RuntimeCommand(owner, runtime);
        _options = options with { Pod = options.Pod ?? owner.CreatePod() };
        Name = owner.UniqueName("c");
        BundleDirectory = Directory.CreateDirectory(Path.Combine(owner.Disk, "bundle-" + Name)).FullName;
        Bundle.Create(BundleDirectory, Cgroup, _options);
    }

    /// <summary>The container id.</summary>
    public string Name { get; }

    public PodUnderTest Pod => _options.Pod!;

    /// <summary>The bundle; its root file system is in <c>rootfs</c>.</summary>
    public string BundleDirectory { get; }

    /// <summary>The cgroup the runtime is asked to put it in.</summary>
    public string Cgroup => Pod.CgroupOf(Name);

    /// <summary>Starts a container.</summary>
    /// <exception cref="RuntimeFailedException">The runtime could not.</exception>
    public static async Task<Container> RunAsync(CheckpointNamespace owner, ContainerRuntime runtime, ContainerOptions options)
    {
        var container = new Container(owner, runtime, options);
        await container.OrGoneAsync(container._runtime.RunAsync(container.Name, container.BundleDirectory));
        return container;
    }

    /// <summary>Dumps it with CRIU. Unless left running it is gone afterwards.</summary>
    /// <exception cref="RuntimeFailedException">The dump failed; the container runs on.</exception>
    public async Task<Checkpoint> CheckpointAsync(bool leaveRunning = false)
    {
        var checkpoint = new Checkpoint(_namespace, _kind, Cgroup, _options);
        await _runtime.CheckpointAsync(Name, checkpoint.Images, checkpoint.Work, leaveRunning);
        if (!leaveRunning)
            await _runtime.DeleteAsync(Name);
        return checkpoint;
    }

    /// <summary>Copies its memory ahead of a dump. It runs on, and there is nothing to restore yet.</summary>
    /// <exception cref="RuntimeFailedException">It failed; the container runs on.</exception>
    public async Task PreDumpAsync()
    {
        var unfinished = new Checkpoint(_namespace, _kind, Cgroup, _options);
        await _runtime.PreDumpAsync(Name, unfinished.Images, unfinished.Work);
    }

    /// <summary>The first process as the host numbers it.</summary>
    /// <exception cref="InvalidOperationException">The container is not running.</exception>
    public async Task<int> PidAsync() =>
        await _runtime.StateAsync(Name) is { Status: "running" } state
            ? state.Pid
            : throw new InvalidOperationException($"Container {Name} is not running.");

    public async Task<bool> IsRunningAsync() => await _runtime.StateAsync(Name) is { Status: "running" };

    public async ValueTask DisposeAsync() => await _runtime.DeleteAsync(Name);

    /// <summary>Brings this container to life from an image instead of from its command.</summary>
    internal Task RestoreAsync(Checkpoint checkpoint) =>
        OrGoneAsync(_runtime.RestoreAsync(Name, checkpoint.Images, checkpoint.Work, BundleDirectory, checkpoint.Cgroup));

    private async Task OrGoneAsync(Task starting)
    {
        try
        {
            await starting;
        }
        catch (RuntimeFailedException)
        {
            await DisposeAsync();
            throw;
        }
    }
}
