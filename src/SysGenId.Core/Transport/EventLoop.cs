using System.Collections.Concurrent;
using SysGenId.Core.Linux;

namespace SysGenId.Core.Transport;

/// <summary>
/// One thread, one epoll: the heart of agent and sidecar. Everything it calls runs on the thread of
/// <see cref="Run"/>, so what hangs on it needs no locks. Without events and timers it sleeps without limit.
/// Only <see cref="Post"/> and <see cref="Stop"/> may be called from other threads.
/// </summary>
internal sealed class EventLoop : IDisposable, IEventHandler
{
    private const int EventsPerWait = 128;
    private const long OwnToken = 0;
    private const int CancelledTimersKept = 64;

    // Far beyond every wait, and far from where adding it to a timestamp would wrap into the past.
    private const double LongestDelay = long.MaxValue / 4;

    private readonly EventPoll _poll = new(EventsPerWait);
    private readonly EventSignal _posted = new();
    private readonly ConcurrentQueue<Action> _actions = new();
    private readonly Dictionary<long, IEventHandler> _handlers = [];
    private readonly PriorityQueue<LoopTimer, long> _timers = new();
    private readonly TimeProvider _clock;
    private long _lastToken;
    private int _cancelledTimers;
    private volatile bool _stopped;

    /// <param name="clock">Monotonic time for timers.</param>
    public EventLoop(TimeProvider clock)
    {
        _clock = clock;
        _handlers[OwnToken] = this;
        _poll.Add(_posted.Descriptor, EventPoll.Readable, OwnToken);
    }

    /// <summary>The clock of the loop's timers.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>Timers kept, cancelled ones included.</summary>
    internal int TimerCount => _timers.Count;

    /// <summary>Watches a descriptor. The token names it from now on and is never used again.</summary>
    public long Add(Descriptor descriptor, uint events, IEventHandler handler)
    {
        var token = ++_lastToken;
        _poll.Add(descriptor, events, token);
        _handlers[token] = handler;
        return token;
    }

    /// <summary>Changes which events are watched for.</summary>
    public void Modify(Descriptor descriptor, uint events, long token) => _poll.Modify(descriptor, events, token);

    /// <summary>Stops watching; events already fetched for it are dropped. Call before closing the descriptor.</summary>
    public void Remove(Descriptor descriptor, long token)
    {
        if (_handlers.Remove(token)) _poll.Remove(descriptor);
    }

    /// <summary>Calls back once after a delay, unless cancelled.</summary>
    public LoopTimer After(TimeSpan delay, Action action)
    {
        var due = _clock.GetTimestamp() + (long)Math.Min(delay.TotalSeconds * _clock.TimestampFrequency, LongestDelay);
        var timer = new LoopTimer(this, action);
        _timers.Enqueue(timer, due);
        return timer;
    }

    /// <summary>Runs an action on the loop's thread. Thread-safe; actions of one thread keep their order.</summary>
    public void Post(Action action)
    {
        _actions.Enqueue(action);
        _posted.Set();
    }

    /// <summary>Ends <see cref="Run"/> after what it is doing. Thread-safe.</summary>
    public void Stop()
    {
        _stopped = true;
        _posted.Set();
    }

    /// <summary>Serves events until <see cref="Stop"/>. A handler's exception ends it: handlers catch what they expect.</summary>
    public void Run()
    {
        while (!_stopped)
        {
            var count = _poll.Wait(TimeUntilNextTimer());
            for (var index = 0; index < count; index++)
            {
                var (events, token) = _poll[index];
                if (_handlers.TryGetValue(token, out var handler)) handler.OnReady(events);
            }

            RunDueTimers();
        }
    }

    public void Dispose()
    {
        _poll.Dispose();
        _posted.Dispose();
    }

    void IEventHandler.OnReady(uint events)
    {
        _posted.Reset();
        while (_actions.TryDequeue(out var action)) action();
    }

    // A cancelled timer stays where it is until its time comes, or until such timers are most of the queue: a peer that
    // begins and ends lines quickly makes thousands of them a second.
    internal void OnCancelled()
    {
        _cancelledTimers++;
        if (_cancelledTimers <= CancelledTimersKept || _cancelledTimers <= _timers.Count / 2) return;
        var live = new List<(LoopTimer, long)>(_timers.Count - _cancelledTimers);
        foreach (var (timer, due) in _timers.UnorderedItems)
        {
            if (!timer.IsCancelled) live.Add((timer, due));
        }

        _timers.Clear();
        _timers.EnqueueRange(live);
        _cancelledTimers = 0;
    }

    private int TimeUntilNextTimer()
    {
        while (_timers.TryPeek(out var timer, out var due))
        {
            if (timer.IsCancelled)
            {
                Dequeue();
                continue;
            }

            var left = _clock.GetElapsedTime(_clock.GetTimestamp(), due);

            // Rounded up, or the last fraction of a millisecond would be spent spinning.
            return left <= TimeSpan.Zero ? 0 : (int)Math.Min(int.MaxValue, Math.Ceiling(left.TotalMilliseconds));
        }

        return -1;
    }

    private void RunDueTimers()
    {
        if (_timers.Count == 0) return;
        var now = _clock.GetTimestamp();
        while (_timers.TryPeek(out var timer, out var due) && (timer.IsCancelled || due <= now))
        {
            Dequeue();
            timer.Fire();
        }
    }

    private void Dequeue()
    {
        if (_timers.Dequeue().IsCancelled) _cancelledTimers--;
    }
}
