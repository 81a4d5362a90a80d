using SysGenId.Core.Linux;

namespace SysGenId.Cli.Diagnosis;

/// <summary>Tries the kernel's features out, instead of guessing them from its version.</summary>
internal static class KernelProbe
{
    private const string AnyProgram = "/proc/self/exe";
    private const uint OwnerOnly = 0x180; // 0600

    public static KernelFeatures Probe() => new(HasSharedFutex(), HasPidFd(), HasPeerPidFd());

    // The first word of a program is never 0: the call is taken (EAGAIN) where it works, and refused otherwise.
    private static unsafe bool HasSharedFutex()
    {
        using var file = Files.TryOpen(AnyProgram, Files.ReadOnly, 0, out _);
        if (file is null) return false;
        using var page = new SharedPage(file, sizeof(uint), writable: false);
        return Futex.WaitWhile((uint*)page.Start, 0, TimeSpan.Zero) == Errno.EAGAIN;
    }

    private static bool HasPidFd()
    {
        using var process = PidFd.TryOpen(Environment.ProcessId, out _);
        return process is not null;
    }

    private static bool HasPeerPidFd()
    {
        var directory = Directory.CreateTempSubdirectory("sysgenid-");
        try
        {
            var path = Path.Join(directory.FullName, "s");
            using var listener = UnixSocket.Listen(path, OwnerOnly, 1);
            using var client = UnixSocket.TryConnect(path, blocking: false, out _);
            using var process = client is null ? null : UnixSocket.TryPeerPidFd(client);
            return process is not null;
        }
        catch (LinuxException)
        {
            return false;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
