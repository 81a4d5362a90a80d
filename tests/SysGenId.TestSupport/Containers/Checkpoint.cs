using System.Text.Json.Nodes;

namespace SysGenId.TestSupport.Containers;

/// <summary>A dumped container; can be restored any number of times, also at once.</summary>
internal sealed class Checkpoint
{
    private const string RecordName = "sysgenid.json";

    private readonly CheckpointNamespace _namespace;
    private readonly ContainerRuntime _runtime;
    private readonly ContainerOptions _options;

    public Checkpoint(CheckpointNamespace owner, ContainerRuntime runtime, string cgroup, ContainerOptions options)
    {
        (_namespace, _runtime, _options) = (owner, runtime, options);
        Cgroup = cgroup;
        var name = owner.UniqueName("image");
        Images = Directory.CreateDirectory(Path.Combine(owner.Disk, name)).FullName;
        Work = Directory.CreateDirectory(Path.Combine(owner.Disk, name + ".work")).FullName;
    }

    /// <summary>The directory CRIU wrote its images to, and hooks their records.</summary>
    public string Images { get; }

    /// <summary>Where CRIU's logs of the dump and of the last restore are.</summary>
    public string Work { get; }

    /// <summary>The cgroup the container was in.</summary>
    public string Cgroup { get; }

    /// <summary>Where the hook leaves what travels with the checkpoint.</summary>
    public string RecordPath => Path.Combine(Images, RecordName);

    /// <summary>What the hook left; null when it left nothing.</summary>
    public JsonObject? Record => File.Exists(RecordPath) ? JsonNode.Parse(File.ReadAllText(RecordPath))!.AsObject() : null;

    /// <summary>Makes the record say something else, as a checkpoint from a stranger may.</summary>
    public void ChangeRecord(Action<JsonObject> change)
    {
        var record = Record ?? throw new InvalidOperationException($"{RecordPath} is not there.");
        change(record);
        File.WriteAllText(RecordPath, record.ToJsonString());
    }

    /// <summary>Restores it as a new container with a new name, in the same pod unless changed.</summary>
    /// <param name="change">What differs from the dumped container, such as the pod or the sources of its mounts.</param>
    /// <param name="elsewhere">The machine to restore it on, when not the one it was dumped on.</param>
    /// <exception cref="RuntimeFailedException">The restore failed.</exception>
    public async Task<Container> RestoreAsync(
        Func<ContainerOptions, ContainerOptions>? change = null, CheckpointNamespace? elsewhere = null)
    {
        var container = new Container(elsewhere ?? _namespace, _runtime, change is null ? _options : change(_options));
        await container.RestoreAsync(this);
        return container;
    }
}
