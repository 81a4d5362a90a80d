namespace SysGenId.Client.Pages;

/// <summary>
/// A thread that sleeps on a page and tells of each change it wakes from. Nothing else wakes without the sidecar's sockets,
/// which are closed during a checkpoint, away while the sidecar restarts, and not mounted everywhere. A sleep that a
/// checkpoint cut short ends with the restore: the kernel compares the page's new value with the old one.
/// </summary>
internal sealed class PageSleeper
{
    // It calls nothing deep.
    private const int StackLength = 256 * 1024;

    private static readonly TimeSpan _betweenWakes = TimeSpan.FromMilliseconds(1);

    private readonly MappedPage _page;
    private readonly Action _moved;
    private readonly Thread _thread;
    private volatile bool _isStopped;

    /// <param name="page">The page.</param>
    /// <param name="moved">Called at the start and after every change, on the sleeper's thread.</param>
    public PageSleeper(MappedPage page, Action moved)
    {
        (_page, _moved) = (page, moved);
        _thread = new Thread(Run, StackLength) { IsBackground = true, Name = "sysgenid" };
    }

    // Without the caller's execution context, which would live as long as the thread.
    public void Start() => _thread.UnsafeStart();

    /// <summary>Ends the thread; returns when it has ended.</summary>
    public void Stop()
    {
        _isStopped = true;

        // It may be about to fall asleep: woken before that, it sleeps all the same, as the page has not changed.
        do _page.WakeSleepers();
        while (!_thread.Join(_betweenWakes));
    }

    private void Run()
    {
        while (!_isStopped)
        {
            // First looked at, then told: a change in between ends the sleep at once.
            var seen = _page.Generation;
            _moved();
            while (!_isStopped && _page.Generation == seen) _page.SleepWhile(seen);
        }
    }
}
