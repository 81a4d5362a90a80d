using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Core.Watchers;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Watching;

/// <summary>The pod's watch connections: one each is a watcher. Loop thread only.</summary>
internal sealed class WatchServer(
    EventLoop loop, PodGeneration pod, DisconnectedProcesses disconnected, int maximum, TimeSpan partialTimeout, Log log)
{
    private readonly List<WatchConnection> _connections = [];
    private bool _isSweeping;
    private bool _isFull;
    private bool _isClosingAll;

    public EventLoop Loop => loop;

    public WatcherRegistry Registry => pod.Registry;

    /// <summary>How many are connected.</summary>
    public int Count => _connections.Count;

    /// <summary>Serves a connection, or closes it at once when there are too many.</summary>
    public void Accept(Descriptor socket)
    {
        if (_connections.Count >= maximum)
        {
            socket.Dispose();
            if (!_isFull) log.Write(LogLevel.Warning, $"watchers-refused maximum={maximum}");
            _isFull = true;
            return;
        }

        try
        {
            var connection = new WatchConnection(this, socket) { Index = _connections.Count };
            _connections.Add(connection);
            pod.Recount();
            connection.TellGeneration();
        }
        catch (LinuxException failure)
        {
            socket.Dispose();
            log.Write(LogLevel.Warning, $"watcher-failed reason={failure.Message}");
        }
    }

    /// <summary>Tells every client the current generation. No client can make this wait.</summary>
    public void TellGeneration()
    {
        for (var index = 0; index < _connections.Count; index++) _connections[index].TellGeneration();
    }

    /// <summary>Takes in what clients have sent; returns who is connected then.</summary>
    public IReadOnlyList<WatchConnection> Settle()
    {
        for (var index = _connections.Count - 1; index >= 0; index--) _connections[index].Drain();
        return _connections;
    }

    /// <summary>Closes every connection, in one step for those who look at the counts.</summary>
    public void CloseAll()
    {
        _isClosingAll = true;
        for (var index = _connections.Count - 1; index >= 0; index--) _connections[index].Close();
        _isClosingAll = false;
        pod.Recount();
    }

    internal ulong Recognise(Descriptor socket) => disconnected.Recognise(socket);

    internal void Acknowledged() => pod.Recount();

    internal void Forget(WatchConnection connection)
    {
        var last = _connections[^1];
        _connections[connection.Index] = last;
        last.Index = connection.Index;
        _connections.RemoveAt(_connections.Count - 1);
        _isFull = false;
        Registry.Close(connection.Watcher);
        if (!_isClosingAll) pod.Recount();
    }

    /// <summary>Now, as the begin of an incomplete word that will not stay so for ever.</summary>
    internal long BeginPartial()
    {
        if (!_isSweeping) loop.After(partialTimeout, CloseStale);
        _isSweeping = true;
        return loop.Clock.GetTimestamp();
    }

    // One timer for all connections, and none while no word is incomplete.
    private void CloseStale()
    {
        _isSweeping = false;
        var (now, left) = (loop.Clock.GetTimestamp(), TimeSpan.MaxValue);
        for (var index = _connections.Count - 1; index >= 0; index--)
        {
            if (_connections[index].PartialSince is not { } since) continue;
            var rest = partialTimeout - loop.Clock.GetElapsedTime(since, now);
            if (rest <= TimeSpan.Zero) _connections[index].Close();
            else if (rest < left) left = rest;
        }

        if (left == TimeSpan.MaxValue) return;
        _isSweeping = true;
        loop.After(left, CloseStale);
    }
}
