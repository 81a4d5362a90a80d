using SysGenId.Client.Guarding;

namespace SysGenId.Client;

/// <summary>
/// Something that must not exist twice, and the critical sections that use it. The generation is compared before and after
/// each section: before, so that none begins with a value of the past; and after, because the world may be copied in the
/// middle of one, and a single check before would let the copy use what it was about to use (two machines, one nonce). A
/// section that the generation moved under is run again, with a value built for the new one; its result never leaves.
/// <para>
/// Thread-safe: any number of threads share a guard, one builds at a time, and the others wait for it. While nothing changes
/// a section costs one load of the page before it and one after it, and no allocation.
/// </para>
/// <para>
/// Sections may run more than once: what they do beside returning a result must bear that. There is no limit to the attempts,
/// as the generation moves when a snapshot is restored and not by itself; who wants one cancels. An exception leaves if the
/// generation did not move; if it did, it is of a run that does not count, and the section is run again. So is one of a
/// cancelled section, unless the caller's own token is what was cancelled.
/// </para>
/// <para>
/// After a rebuild the guard acknowledges the generation (S09) if nobody reads its watcher. As soon as the program asks the
/// watcher for changes, acks are the program's.
/// </para>
/// </summary>
/// <typeparam name="T">
/// What is guarded. If it is <see cref="IDisposable"/>, a value of the past is disposed when the last section that uses it has
/// ended, on that section's thread; its Dispose must not throw.
/// </typeparam>
public sealed class Guard<T> : IDisposable
{
    private readonly GenerationWatcher _watcher;
    private readonly Func<uint, T> _build;
    private readonly Lock _building = new();
    private Guarded<T>? _current;
    private bool _isBuilding;
    private volatile bool _isDisposed;

    internal Guard(GenerationWatcher watcher, Func<uint, T> build) => (_watcher, _build) = (watcher, build);

    /// <summary>Runs a section, as often as it takes until the generation was the same before and after it.</summary>
    /// <param name="section">Uses the value, and keeps no reference to it.</param>
    /// <returns>The result of the run that counts.</returns>
    /// <exception cref="ObjectDisposedException">The guard is disposed.</exception>
    /// <exception cref="InvalidOperationException">Called from within the guard's own build.</exception>
    public TResult Run<TResult>(Func<T, TResult> section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Run(section, static (value, section) => section(value));
    }

    /// <inheritdoc cref="Run{TResult}(Func{T, TResult})"/>
    public void Run(Action<T> section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Run(section, static (value, section) =>
        {
            section(value);
            return true;
        });
    }

    /// <inheritdoc cref="Run{TResult}(Func{T, TResult})"/>
    /// <param name="state">Given to the section, which then needs no closure.</param>
    /// <param name="section">Uses the value, and keeps no reference to it.</param>
    public TResult Run<TState, TResult>(TState state, Func<T, TState, TResult> section)
    {
        ArgumentNullException.ThrowIfNull(section);
        while (true)
        {
            var guarded = Enter();
            try
            {
                var result = section(guarded.Value, state);
                if (!HasMoved(guarded)) return result;
            }
            catch (Exception) when (HasMoved(guarded))
            {
                // Of a run that does not count.
            }
            finally
            {
                guarded.Leave();
            }
        }
    }

    /// <inheritdoc cref="Run{TResult}(Func{T, TResult})"/>
    /// <param name="section">Uses the value, and keeps no reference to it once its task has ended.</param>
    /// <param name="cancellationToken">Given to the section, and looked at before each run of it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<TResult> RunAsync<TResult>(
        Func<T, CancellationToken, ValueTask<TResult>> section, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(section);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var guarded = Enter();
            try
            {
                var result = await section(guarded.Value, cancellationToken).ConfigureAwait(false);
                if (!HasMoved(guarded)) return result;
            }
            catch (Exception) when (HasMoved(guarded))
            {
                // Of a run that does not count.
            }
            finally
            {
                guarded.Leave();
            }
        }
    }

    /// <inheritdoc cref="RunAsync{TResult}(Func{T, CancellationToken, ValueTask{TResult}}, CancellationToken)"/>
    public async ValueTask RunAsync(Func<T, CancellationToken, ValueTask> section, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(section);
        await RunAsync(
            async (value, token) =>
            {
                await section(value, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Builds the value for the current generation now if it is not built yet: for programs that handle changes in a loop,
    /// before they acknowledge, rather than with the first use.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The guard is disposed.</exception>
    /// <exception cref="InvalidOperationException">Called from within the guard's own build.</exception>
    public void Refresh() => Enter().Leave();

    /// <summary>Ends the guard: its value is disposed when the last section that uses it has ended. Calling it again does nothing.</summary>
    public void Dispose()
    {
        Guarded<T>? last;
        lock (_building)
        {
            _isDisposed = true;
            (last, _current) = (_current, null);
        }

        last?.Leave();
    }

    private bool HasMoved(Guarded<T> guarded) => _watcher.Generation != guarded.Generation;

    private Guarded<T> Enter()
    {
        while (true)
        {
            var guarded = Volatile.Read(ref _current);
            if (guarded is null || HasMoved(guarded)) guarded = Rebuild();
            if (guarded.TryEnter()) return guarded;
        }
    }

    private Guarded<T> Rebuild()
    {
        Guarded<T>? old;
        Guarded<T> built;
        lock (_building)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_isBuilding) throw new InvalidOperationException("A guard cannot be used while it builds its own value.");
            old = _current;
            if (old is not null && !HasMoved(old)) return old;
            _isBuilding = true;
            try
            {
                built = Build();
            }
            finally
            {
                _isBuilding = false;
            }

            Volatile.Write(ref _current, built);
        }

        old?.Leave();
        _watcher.AcknowledgeRebuilt(built.Generation);
        return built;
    }

    // A build is a critical section, too: what it drew while the generation moved may have been drawn twice.
    private Guarded<T> Build()
    {
        while (true)
        {
            var generation = _watcher.Generation;
            Guarded<T> built;
            try
            {
                built = new Guarded<T>(_build(generation), generation);
            }
            catch (Exception) when (_watcher.Generation != generation)
            {
                continue;
            }

            if (!HasMoved(built)) return built;
            built.Leave();
        }
    }
}
