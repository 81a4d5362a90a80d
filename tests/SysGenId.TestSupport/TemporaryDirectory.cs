namespace SysGenId.TestSupport;

/// <summary>An empty directory with a short path, removed with all its content when disposed.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    /// <summary>A tmpfs on every Linux machine, as the directory of a sidecar is; short, as socket paths must be (108 bytes).</summary>
    private const string SharedMemory = "/dev/shm";

    /// <summary>Creates it in memory where the machine has /dev/shm, else in the temporary directory.</summary>
    public TemporaryDirectory()
        : this(Directory.Exists(SharedMemory) ? SharedMemory : System.IO.Path.GetTempPath())
    {
    }

    private TemporaryDirectory(string parent)
    {
        Path = System.IO.Path.Combine(parent, "sysgenid-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(Path);
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>Creates the directory on disk, for what is large.</summary>
    public static TemporaryDirectory OnDisk() => new(System.IO.Path.GetTempPath());

    /// <summary>The path of something inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates a directory inside and returns its path.</summary>
    public string CreateDirectory(string name) => Directory.CreateDirectory(File(name)).FullName;

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
