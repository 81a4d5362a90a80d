namespace SysGenId.Core.Transport;

/// <summary>One call to come. Used on the loop's thread only.</summary>
internal sealed class LoopTimer(EventLoop loop, Action action)
{
    private Action? _action = action;

    public bool IsCancelled => _action is null;

    /// <summary>Forgets the call; after it happened this does nothing.</summary>
    public void Cancel()
    {
        if (_action is null) return;
        _action = null;
        loop.OnCancelled();
    }

    internal void Fire()
    {
        var action = _action;
        _action = null;
        action?.Invoke();
    }
}
