using System.Threading.Tasks.Sources;

namespace SysGenId.Client.Watching;

/// <summary>One wait for a change, used again and again: waiting allocates nothing once it has happened.</summary>
internal sealed class ChangeWait(ChangeWaits owner) : IValueTaskSource<uint>
{
    private ManualResetValueTaskSourceCore<uint> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;

    /// <summary>The next of the list it is in.</summary>
    public ChangeWait? Next { get; set; }

    /// <summary>It ends when this is not the current generation; null: when the watcher is outdated.</summary>
    public uint? Handled { get; set; }

    /// <summary>What the caller awaits. Called once it is in the list, and outside of the lock.</summary>
    public ValueTask<uint> AsTask(CancellationToken cancellationToken)
    {
        var task = new ValueTask<uint>(this, _core.Version);
        _token = cancellationToken;
        _cancellation = cancellationToken.UnsafeRegister(static wait => ((ChangeWait)wait!).Cancel(), this);
        return task;
    }

    // Each by the one who took it out of the list, and by nobody else.
    public void Complete(uint generation) => _core.SetResult(generation);

    public void Fail(Exception reason) => _core.SetException(reason);

    public uint GetResult(short token)
    {
        // A callback that has begun must not meet the next wait of this object: then it has none.
        var isFree = _cancellation.Unregister() || !_token.CanBeCanceled;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            (_cancellation, _token) = (default, default);
            _core.Reset();
            if (isFree) owner.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        var reason = new OperationCanceledException(_token);
        if (owner.TryRemove(this)) Fail(reason);
    }
}
