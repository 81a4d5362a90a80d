using SysGenId.Client.Pages;

namespace SysGenId.Client.Watching;

/// <summary>Who waits for a change (S06, S10). Thread-safe; continuations run elsewhere, never under the lock.</summary>
internal sealed class ChangeWaits(MappedPage page, Registration registration)
{
    private readonly Lock _lock = new();
    private ChangeWait? _first;
    private ChangeWait? _free;
    private bool _isClosed;

    /// <summary>The current generation, at once while it is another than was handled, else as soon as it is.</summary>
    /// <param name="handled">What was handled; null: what the watcher has acknowledged.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The watcher is closed, already or while waiting.</exception>
    public ValueTask<uint> WaitAsync(uint? handled, CancellationToken cancellationToken)
    {
        ChangeWait wait;
        lock (_lock)
        {
            if (_isClosed) throw Closed();
            cancellationToken.ThrowIfCancellationRequested();
            if (IsDue(handled, out var generation)) return new ValueTask<uint>(generation);
            wait = _free ?? new ChangeWait(this);
            _free = null;
            (wait.Handled, wait.Next, _first) = (handled, _first, wait);
        }

        return wait.AsTask(cancellationToken);
    }

    /// <summary>The page has changed: ends the waits that are due. Called after every change, and once before the first sleep.</summary>
    public void Look()
    {
        ChangeWait? due = null;
        lock (_lock)
        {
            ChangeWait? rest = null;
            for (var wait = _first; wait is not null;)
            {
                var next = wait.Next;
                if (IsDue(wait.Handled, out _)) (wait.Next, due) = (due, wait);
                else (wait.Next, rest) = (rest, wait);
                wait = next;
            }

            _first = rest;
        }

        var generation = page.Generation;
        while (due is not null) Take(ref due).Complete(generation);
    }

    /// <summary>Nobody waits any more, nor ever will.</summary>
    public void Close()
    {
        ChangeWait? waits;
        lock (_lock)
        {
            _isClosed = true;
            (waits, _first) = (_first, null);
        }

        while (waits is not null) Take(ref waits).Fail(Closed());
    }

    internal bool TryRemove(ChangeWait wait)
    {
        lock (_lock)
        {
            ChangeWait? before = null;
            for (var other = _first; other is not null; (before, other) = (other, other.Next))
            {
                if (other != wait) continue;
                if (before is null) _first = wait.Next;
                else before.Next = wait.Next;
                wait.Next = null;
                return true;
            }

            return false;
        }
    }

    internal void Return(ChangeWait wait)
    {
        lock (_lock)
        {
            _free = wait;
        }
    }

    private static ChangeWait Take(ref ChangeWait? list)
    {
        var first = list!;
        (list, first.Next) = (first.Next, null);
        return first;
    }

    private static ObjectDisposedException Closed() => new(nameof(GenerationWatcher));

    private bool IsDue(uint? handled, out uint generation)
    {
        if (handled is not { } known) return registration.IsOutdated(out generation);
        generation = page.Generation;
        return generation != known;
    }
}
