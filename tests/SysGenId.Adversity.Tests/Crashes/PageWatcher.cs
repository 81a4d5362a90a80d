using SysGenId.Core.CounterPage;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>A program that mapped a page once and keeps it for life: it sleeps on the futex and looks at every value.</summary>
internal sealed class PageWatcher : IDisposable
{
    // Only so that it sees the end of the test; what it waits for wakes it.
    private static readonly TimeSpan _longestSleep = TimeSpan.FromMilliseconds(50);

    private readonly CounterPageReader _page;
    private readonly Thread _thread;
    private volatile uint _seen;
    private volatile string? _fault;
    private volatile bool _stopped;

    public PageWatcher(string path)
    {
        Path = path;
        _page = CounterPageReader.Open(path);
        _seen = _page.Generation;
        _thread = new Thread(Watch) { IsBackground = true, Name = "page" };
        _thread.Start();
    }

    public string Path { get; }

    /// <summary>The last generation seen.</summary>
    public uint Seen => _seen;

    /// <summary>What was seen that must never be.</summary>
    public string? Fault => _fault;

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
        _page.Dispose();
    }

    private void Watch()
    {
        while (!_stopped)
        {
            var generation = _page.WaitForChange(_seen, _longestSleep);
            if (generation < _seen)
                _fault ??= $"{Path} fell from {_seen} to {generation}";
            _seen = generation;
        }
    }
}
