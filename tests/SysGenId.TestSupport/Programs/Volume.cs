namespace SysGenId.TestSupport.Programs;

/// <summary>A directory that a container has as /work, writable by every user, with the logs of its programs.</summary>
/// <remarks>Clones of one checkpoint get a volume each, or their logs mingle.</remarks>
internal sealed class Volume
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    private readonly string _directory;

    public Volume(Containers.CheckpointNamespace owner)
    {
        _directory = Directory.CreateDirectory(Path.Combine(owner.Disk, owner.UniqueName("volume"))).FullName;
        File.SetUnixFileMode(_directory, Everybody);
    }

    public Containers.BindMount Mount => new(_directory, "/work", Writable: true);

    /// <summary>The log that a program was told to write to <c>/work/NAME</c>.</summary>
    public ProgramLog Log(string name) => new(Path.Combine(_directory, name));

    /// <summary>Makes <c>/work/NAME</c>, for programs that wait for it.</summary>
    public void CreateFile(string name) => File.WriteAllText(Path.Combine(_directory, name), "");
}
