using SysGenId.Client.Watching;
using SysGenId.Core.Watchers;

namespace SysGenId.Client.Tests.Watching;

/// <summary>A client's state and a sidecar's registry, with the words between them in queues: every order of events can be played.</summary>
internal sealed class RegistrationModel
{
    private readonly WatcherRegistry _registry = new(3);
    private readonly WatcherState _state = new(3);
    private readonly Queue<uint> _toServer = [];
    private readonly Queue<uint> _toClient = [];
    private Watcher? _watcher;
    private bool _wasGreeted;

    /// <summary>Plays one event; one that cannot happen now is none.</summary>
    public void Play(int step)
    {
        switch (step)
        {
            case 0: Bump(); break;
            case 1: Send(Acknowledge(_registry.Generation)); break;
            case 2: Send(Acknowledge(_registry.Generation - 1)); break;
            case 3: Connect(); break;
            case 4: DeliverToServer(); break;
            case 5: DeliverToClient(); break;
            case 6: Disconnect(settles: true); break;
            case 7: Disconnect(settles: false); break;
        }
    }

    /// <summary>What must hold after every event.</summary>
    public void Check()
    {
        // Nothing is known of a client that has not heard where it was registered, or whose word is on its way.
        if (_watcher is null || !_wasGreeted || _toServer.Count > 0) return;
        Assert.Equal(_registry.IsOutdated(_watcher, out var current), _state.Acknowledged != current);
        Assert.Equal(_state.Acknowledged == current ? 0 : 1, _registry.Counts.Outdated);
    }

    /// <summary>Lets everything arrive.</summary>
    public void Settle()
    {
        Connect();
        while (_toServer.Count + _toClient.Count > 0)
        {
            DeliverToServer();
            DeliverToClient();
        }
    }

    private void Bump()
    {
        _registry.TryBump(0);
        if (_watcher is not null) _toClient.Enqueue(_registry.Generation);
    }

    private uint? Acknowledge(uint generation)
    {
        var outcome = _state.Acknowledge(generation, _registry.Generation, out var word);
        Assert.Equal(generation == _registry.Generation, outcome == AcknowledgeOutcome.Acknowledged);
        return word;
    }

    private void Connect()
    {
        if (_watcher is not null) return;
        _watcher = _registry.Open();
        _wasGreeted = false;
        _toClient.Enqueue(_registry.Generation);
        Send(_state.Connected());
    }

    private void DeliverToServer()
    {
        if (_watcher is null || !_toServer.TryDequeue(out var word)) return;
        if (_registry.Acknowledge(_watcher, word) == AckOutcome.NotCurrent) _toClient.Enqueue(_registry.Generation);
    }

    private void DeliverToClient()
    {
        if (_watcher is null || !_toClient.TryDequeue(out var word)) return;
        _wasGreeted = true;
        Send(_state.Heard(word));
    }

    // Before a checkpoint the sidecar takes in what was sent; when it dies it does not.
    private void Disconnect(bool settles)
    {
        while (settles && _toServer.Count > 0) DeliverToServer();
        if (_watcher is null) return;
        _registry.Close(_watcher);
        _watcher = null;
        _toServer.Clear();
        _toClient.Clear();
        _state.Disconnected();
    }

    private void Send(uint? word)
    {
        if (word is { } generation && _watcher is not null) _toServer.Enqueue(generation);
    }
}
