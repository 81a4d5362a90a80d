using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;

namespace SysGenId.Cli.Watching;

/// <summary>
/// Follows a counter page: no connection, so restarts of agent and sidecar go unnoticed. A page that was removed and
/// made anew is followed on.
/// </summary>
internal static class PageFollower
{
    // A waiter on a page that was removed is never woken again: look now and then whether the name leads elsewhere.
    private static readonly TimeSpan _lookInterval = TimeSpan.FromSeconds(2);

    /// <summary>The current generation, then each change as it comes, without end. A reader that is late sees the newest only.</summary>
    /// <exception cref="CounterPageException">What is there is not a counter page.</exception>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public static IEnumerable<Change> Follow(string path)
    {
        var file = Files.TryStatus(path, out _);
        var page = CounterPageReader.Open(path);
        try
        {
            uint? shown = null;
            while (true)
            {
                var content = page.Read();
                if (content.Generation != shown)
                {
                    shown = content.Generation;
                    yield return ToChange(content);
                }
                else if (page.WaitForChange(content.Generation, _lookInterval) == content.Generation)
                {
                    Reopen(path, ref file, ref page);
                }
            }
        }
        finally
        {
            page.Dispose();
        }
    }

    private static Change ToChange(in PageContent content) =>
        new(content.Generation, content.TimeNs, content.Cause, content.Id == Guid.Empty ? null : content.Id);

    private static void Reopen(string path, ref FileStatus? known, ref CounterPageReader page)
    {
        if (Files.TryStatus(path, out _) is not { } file || (file.Device, file.Inode) == (known?.Device, known?.Inode)) return;
        try
        {
            var other = CounterPageReader.Open(path);
            page.Dispose();
            (page, known) = (other, file);
        }
        catch (IOException)
        {
            // Its new owner has not finished making it: the next look finds it.
        }
    }
}
