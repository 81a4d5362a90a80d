using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>
/// Tells the hook's second call (pre-resume) that the first (post-restore) was enough: an empty file beside the socket,
/// there only while that CRIU lives. Without it the hook asks again, so a mark that cannot be made costs time only.
/// </summary>
internal sealed class PublishedMarks(string socket)
{
    private const uint Mode = 0x180; // 0600

    /// <summary>Removes what an agent that was killed left.</summary>
    public void Clear()
    {
        foreach (var mark in Directory.EnumerateFiles(SystemPaths.Beside(socket, ""), SystemPaths.PublishedName + "*")) Remove(mark);
    }

    public void Set(CriuProcess criu) =>
        Files.TryOpen(PathOf(criu), Files.WriteOnly | Files.Create | Files.Exclusive | Files.NoFollow, Mode, out _)?.Dispose();

    public void Unset(CriuProcess criu) => Remove(PathOf(criu));

    // Something that cannot be removed, such as a directory of that name, is no reason for the agent to end.
    private static void Remove(string mark)
    {
        try
        {
            Files.Remove(mark);
        }
        catch (LinuxException)
        {
        }
    }

    private string PathOf(CriuProcess criu) => SystemPaths.Beside(socket, SystemPaths.PublishedName + criu.Pid);
}
