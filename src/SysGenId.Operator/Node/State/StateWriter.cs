using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.State;

/// <summary>
/// Stores states on a thread of its own, so that no restore waits for a disk. One latest-value slot: a state that was
/// overtaken before its turn is never written. Thread-safe.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    private readonly StateFile _file;
    private readonly Action<NodeState, LinuxException?> _stored;
    private readonly object _monitor = new();
    private readonly Lock _writing = new();
    private readonly Thread _thread;
    private NodeState? _pending;
    private bool _stopped;

    /// <param name="file">Where to.</param>
    /// <param name="stored">Told of every attempt, on the writer's thread.</param>
    public StateWriter(StateFile file, Action<NodeState, LinuxException?> stored)
    {
        (_file, _stored) = (file, stored);
        _thread = new Thread(WriteUntilStopped) { IsBackground = true, Name = "state" };
    }

    public void Start() => _thread.Start();

    /// <summary>Stores a state soon.</summary>
    public void Submit(NodeState state)
    {
        lock (_monitor)
        {
            _pending = state;
            Monitor.Pulse(_monitor);
        }
    }

    /// <summary>Stores a state now, before anything submitted earlier: for the rare bump above the ceiling, and the last state of all.</summary>
    /// <returns>Why it failed, or null.</returns>
    public LinuxException? StoreNow(NodeState state)
    {
        lock (_monitor)
        {
            _pending = null;
        }

        lock (_writing)
        {
            return TryStore(state);
        }
    }

    /// <summary>Ends the thread; what is pending is dropped, so store the last state first.</summary>
    public void Dispose()
    {
        lock (_monitor)
        {
            _stopped = true;
            Monitor.Pulse(_monitor);
        }

        if (_thread.IsAlive) _thread.Join();
    }

    private void WriteUntilStopped()
    {
        while (Take() is not null)
        {
            // Taken again under the lock that orders writes: a state stored directly meanwhile has emptied the slot.
            lock (_writing)
            {
                if (TakePending() is { } state) _stored(state, TryStore(state));
            }
        }
    }

    private NodeState? Take()
    {
        lock (_monitor)
        {
            while (_pending is null && !_stopped) Monitor.Wait(_monitor);
            return _stopped ? null : _pending;
        }
    }

    private NodeState? TakePending()
    {
        lock (_monitor)
        {
            var state = _pending;
            _pending = null;
            return state;
        }
    }

    private LinuxException? TryStore(NodeState state)
    {
        try
        {
            _file.Store(state);
            return null;
        }
        catch (LinuxException failure)
        {
            return failure;
        }
    }
}
