namespace SysGenId.Client.Guarding;

/// <summary>A value, the generation it was built for, and, if it must be disposed, who uses it still. Thread-safe.</summary>
internal sealed class Guarded<T>(T value, uint generation)
{
    private readonly IDisposable? _disposable = value as IDisposable;

    // The guard itself is the first; disposed when nobody is left.
    private int _users = 1;

    public T Value { get; } = value;

    public uint Generation { get; } = generation;

    /// <summary>Keeps the value from being disposed until <see cref="Leave"/>; false when it is too late.</summary>
    public bool TryEnter()
    {
        if (_disposable is null) return true;
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var before = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (before == users) return true;
            users = before;
        }

        return false;
    }

    public void Leave()
    {
        if (_disposable is not null && Interlocked.Decrement(ref _users) == 0) _disposable.Dispose();
    }
}
