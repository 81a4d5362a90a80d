using SysGenId.TestSupport;

namespace SysGenId.CriuHook.Tests;

/// <summary>A process that sees a mount where containers of ours see theirs.</summary>
internal sealed class ContainerOfOurs : IAsyncDisposable
{
    private const string Mounts = "mount -t tmpfs t /run && mkdir /run/sysgenid && mount -t tmpfs t /run/sysgenid && echo ready && exec cat";

    private readonly ChildProcess _process;

    private ContainerOfOurs(ChildProcess process) => _process = process;

    public int InitPid => _process.Id;

    public static async Task<ContainerOfOurs> StartAsync()
    {
        Requires.PrivateMounts();
        var process = ChildProcess.Start("unshare", "-m", "--propagation", "private", "sh", "-c", Mounts);
        await Eventually.HoldsAsync(() => process.Output.Contains("ready", StringComparison.Ordinal));
        return new ContainerOfOurs(process);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
