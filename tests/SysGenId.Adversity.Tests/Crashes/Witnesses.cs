using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>Everybody who must notice each generation and never a lower one: the node's page, and page and watch socket of each pod.</summary>
internal sealed class Witnesses : IAsyncDisposable
{
    private readonly List<PageWatcher> _pages;
    private readonly List<SocketWatcher> _sockets;

    public Witnesses(NodeOnTrial node, IReadOnlyList<PodOnTrial> pods, int watchersOfPod, Random random)
    {
        _pages = [.. pods.Select(pod => new PageWatcher(pod.PagePath)), new PageWatcher(node.PagePath)];
        _sockets = [.. pods.SelectMany(pod => Enumerable.Range(0, watchersOfPod).Select(_ => new SocketWatcher(pod.WatchSocket, random.Next())))];
    }

    /// <summary>What was seen that must never be.</summary>
    public IEnumerable<string> Faults =>
        _pages.Select(page => page.Fault).Concat(_sockets.Select(socket => socket.Fault)).OfType<string>();

    /// <summary>Waits until everybody has seen a generation or a later one.</summary>
    public async Task HaveSeenAsync(uint generation)
    {
        foreach (var page in _pages)
            await Eventually.HoldsAsync(() => page.Seen >= generation || page.Fault is not null, what: $"who maps {page.Path} sees {generation}");
        foreach (var socket in _sockets)
            await Eventually.HoldsAsync(() => socket.Seen >= generation || socket.Fault is not null, what: $"a watch connection is told {generation}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in _pages)
            page.Dispose();
        foreach (var socket in _sockets)
            await socket.DisposeAsync();
    }

    public override string ToString() =>
        $"{_pages.Count} pages and {_sockets.Count} watchers with {_sockets.Sum(socket => socket.Connections)} connections watched";
}
