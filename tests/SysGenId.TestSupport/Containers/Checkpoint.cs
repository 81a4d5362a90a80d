namespace SysGenId.TestSupport.Containers;

/// <summary>A dumped container; can be restored any number of times, also at once.</summary>
internal sealed class Checkpoint
{
    private readonly ContainerOptions _options;
    private readonly Func<ContainerOptions, Container> _create;

    public Checkpoint(string parent, string name, string cgroup, ContainerOptions options, Func<ContainerOptions, Container> create)
    {
        Cgroup = cgroup;
        _options = options;
        _create = create;
        Images = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
        Work = Directory.CreateDirectory(Path.Combine(parent, name + ".work")).FullName;
    }

    /// <summary>The directory CRIU wrote its images to, and hooks their records.</summary>
    public string Images { get; }

    /// <summary>Where CRIU's logs of the dump and of the last restore are.</summary>
    public string Work { get; }

    /// <summary>The cgroup the container was in.</summary>
    public string Cgroup { get; }

    /// <summary>Restores it as a new container with a new name, in the same pod unless changed.</summary>
    /// <param name="change">What differs from the dumped container, such as the pod or the sources of its mounts.</param>
    /// <exception cref="RuntimeFailedException">The restore failed.</exception>
    public async Task<Container> RestoreAsync(Func<ContainerOptions, ContainerOptions>? change = null)
    {
        var container = _create(change is null ? _options : change(_options));
        await container.RestoreAsync(this);
        return container;
    }
}
