using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Startup;

/// <summary>A tmpfs as the kubelet mounts it for an emptyDir of medium Memory, with the modes it gives it.</summary>
internal sealed class MemoryVolume : IAsyncDisposable
{
    private readonly string _directory;

    private MemoryVolume(string directory) => _directory = directory;

    /// <param name="directory">Where; made when it is not there.</param>
    /// <param name="options">Mode and group: sticky and for everybody, or with the pod's fsGroup.</param>
    public static async Task<MemoryVolume> MountAsync(string directory, string options)
    {
        Requires.Root();
        Directory.CreateDirectory(directory);
        (await ChildProcess.RunAsync("mount", "-t", "tmpfs", "-o", $"size=1m,nosuid,{options}", "tmpfs", directory)).OrThrow();
        return new MemoryVolume(directory);
    }

    public async ValueTask DisposeAsync() => (await ChildProcess.RunAsync("umount", "--lazy", _directory)).OrThrow();
}
