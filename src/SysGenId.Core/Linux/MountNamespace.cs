using System.Runtime.ExceptionServices;

namespace SysGenId.Core.Linux;

/// <summary>The mounts of another process: what is done in there sees its files, and programs started in there stay there. Thread-safe.</summary>
internal sealed class MountNamespace : IDisposable
{
    private const int OwnFileSystemAttributes = 0x200; // CLONE_FS
    private const int Mounts = 0x20000; // CLONE_NEWNS

    private readonly Descriptor _namespace;

    private MountNamespace(Descriptor mounts) => _namespace = mounts;

    /// <summary>The mounts of a process.</summary>
    /// <exception cref="LinuxException">They cannot be had.</exception>
    public static MountNamespace Open(int pid) => new(Files.Open($"/proc/{pid}/ns/mnt", Files.ReadOnly));

    /// <summary>
    /// Does something in there, on a thread of its own that ends with it: the kernel lets a thread change its mounts only
    /// where it shares root and working directory with no other, and there is no way back to sharing them.
    /// </summary>
    /// <exception cref="LinuxException">The mounts cannot be entered. What <paramref name="action"/> throws comes through, too.</exception>
    public T Run<T>(Func<T> action)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = action();
            }
            catch (Exception mistake)
            {
                failure = ExceptionDispatchInfo.Capture(mistake);
            }
        })
        {
            IsBackground = true,
            Name = "mounts",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    public void Dispose() => _namespace.Dispose();

    private void Enter()
    {
        if (Libc.unshare(OwnFileSystemAttributes) < 0) throw new LinuxException("unshare", Files.LastError);
        if (Libc.setns(_namespace.Number, Mounts) < 0) throw new LinuxException("setns", Files.LastError);
    }
}
