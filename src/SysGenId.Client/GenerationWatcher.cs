using System.Runtime.CompilerServices;
using SysGenId.Client.Pages;
using SysGenId.Client.Sockets;
using SysGenId.Client.Watching;
using SysGenId.Core;
using SysGenId.Core.CounterPage;

namespace SysGenId.Client;

/// <summary>
/// One watcher of the system generation, in the sense of the contract: the generation changes when the world this process
/// lives in was restored from a snapshot, and the watcher is outdated until it has acknowledged that. Thread-safe; it may be
/// checkpointed and restored in the middle of any call, which then goes on and sees the new generation first.
/// <para>The page says what the generation is (S15), the watch socket who has adapted to it (S09, S16):</para>
/// <code>
/// counter page --load--> Generation, guards                AcknowledgeAsync --word--> watch socket, kept open (S22, S23)
///              --futex--> one thread --> waits             WaitForWatchersAsync, ForceAsync --line--> control socket
/// </code>
/// <para>
/// The thread is started with the first wait and ends with <see cref="Dispose"/>. Nothing runs on a timer while the sidecar
/// is there.
/// </para>
/// </summary>
public sealed class GenerationWatcher : IAsyncDisposable, IDisposable
{
    private readonly MappedPage _page;
    private readonly Registration _registration;
    private readonly ChangeWaits _waits;
    private readonly WatchLink? _link;
    private readonly WatchersWait? _watchersWait;
    private readonly ForceRequest? _force;
    private readonly Lock _lock = new();
    private PageSleeper? _sleeper;
    private volatile bool _isRead;
    private volatile bool _isDisposed;

    private GenerationWatcher(MappedPage page)
    {
        _page = page;
        _registration = new Registration(page);
        _waits = new ChangeWaits(page, _registration);
    }

    private GenerationWatcher(MappedPage page, string sockets, GenerationWatcherOptions options)
        : this(page)
    {
        var control = new ControlSocket(Path.Join(sockets, SystemPaths.ControlSocketName));
        _link = new WatchLink(Path.Join(sockets, SystemPaths.WatchSocketName), page, _registration, _waits.Look, options);
        _watchersWait = new WatchersWait(page, _registration, _link, control, WaitForChangeAsync, options);
        _force = new ForceRequest(_link, control, options);
    }

    /// <summary>
    /// Opens a watcher, which is up to date at once, whatever happened before it (S05). Where there is a sidecar, it counts the
    /// watcher from now on (S16); one that does not answer within <see cref="GenerationWatcherOptions.Patience"/> counts it as
    /// soon as it is there.
    /// </summary>
    /// <param name="options">Where and how; null: all defaults.</param>
    /// <exception cref="SystemGenerationUnavailableException">There is no system generation; the message says what to do.</exception>
    /// <exception cref="ArgumentException">The options cannot be used; the message names everything that is wrong.</exception>
    public static GenerationWatcher Open(GenerationWatcherOptions? options = null)
    {
        options ??= new GenerationWatcherOptions();
        options.Validate();
        try
        {
            var (page, sockets) = PageFinder.Find(options);
            if (sockets is null) return new GenerationWatcher(page);
            var watcher = new GenerationWatcher(page, sockets, options);
            watcher._link!.Start();
            return watcher;
        }
        catch (SystemGenerationUnavailableException) when (options.WhenUnavailable == UnavailableBehavior.GenerationZero)
        {
            return new GenerationWatcher(new MappedPage(null));
        }
    }

    /// <summary>The current generation (S01): one load of the mapped page (S15). It works on after <see cref="Dispose"/>.</summary>
    public uint Generation => _page.Generation;

    /// <summary>The current generation's name (S24); all zero before a node's first publication. Never the same in two clones.</summary>
    public Guid GenerationId => Read().Id;

    /// <summary>How much of the contract there is to stand on. It may change from <see cref="WatcherMode.PageOnly"/> to <see cref="WatcherMode.Full"/>, when a sidecar comes late, and never back.</summary>
    public WatcherMode Mode => (_page.IsThere, _link) switch
    {
        (false, _) => WatcherMode.Unavailable,
        (_, null) => WatcherMode.PageOnly,
        _ => _link.IsAbsent ? WatcherMode.PageOnly : WatcherMode.Full,
    };

    /// <summary>
    /// Whether the sidecar hears from the node's agent. While it does not, a restore of this container is refused or goes
    /// by unnoticed, as the node's policy says (S25). False without a sidecar.
    /// </summary>
    public bool IsAgentConnected => Has(PageFlags.AgentConnected);

    /// <summary>Whether the node's gate was seen to work and not lost since (S27): a container restored there is told before it runs (S20). False without a sidecar.</summary>
    public bool IsGateProven => Has(PageFlags.GateProven);

    /// <summary>Whether the current generation is another than the acknowledged one.</summary>
    public bool IsOutdated => _registration.IsOutdated(out _);

    /// <summary>The generation that was acknowledged last; at first the one current when the watcher was opened (S05).</summary>
    public uint Acknowledged => _registration.Acknowledged;

    /// <summary>The current generation and what is known of it, all of one instant.</summary>
    public GenerationInfo Read()
    {
        var content = _page.Read();
        var cause = Enum.IsDefined((GenerationCause)content.Cause) ? (GenerationCause)content.Cause : GenerationCause.Unknown;
        DateTimeOffset? time = content.TimeNs == 0 ? null : DateTimeOffset.UnixEpoch.AddTicks(content.TimeNs / TimeSpan.NanosecondsPerTick);
        return new GenerationInfo(content.Generation, content.Id, cause, time);
    }

    /// <summary>The read that does not wait (S07): false, EAGAIN of the kernel device, while the watcher is up to date.</summary>
    /// <param name="generation">The current generation, either way.</param>
    /// <exception cref="ObjectDisposedException">The watcher is closed.</exception>
    public bool TryRead(out uint generation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _isRead = true;
        return _registration.IsOutdated(out generation);
    }

    /// <summary>
    /// The read that waits (S06): the current generation, at once while the watcher is outdated, as often as it is called
    /// (S10); otherwise as soon as the generation moves. It does not acknowledge.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The watcher is closed, already or while waiting.</exception>
    public ValueTask<uint> WaitForChangeAsync(CancellationToken cancellationToken = default)
    {
        _isRead = true;
        return WaitAsync(null, cancellationToken);
    }

    /// <summary>
    /// Waits for another generation than one that the caller knows, acknowledged or not: how who still works on one change
    /// notices the next. At once where it is another already. It does not acknowledge.
    /// </summary>
    /// <param name="known">The generation the caller knows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The current generation.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The watcher is closed, already or while waiting.</exception>
    public ValueTask<uint> WaitForChangeAsync(uint known, CancellationToken cancellationToken = default) =>
        WaitAsync(known, cancellationToken);

    /// <summary>
    /// Says that a generation was handled (S09). It is done at once where this process is concerned, and told to the sidecar
    /// now or as soon as it is there (S23). By an up-to-date watcher it succeeds and changes nothing.
    /// </summary>
    /// <param name="generation">What was handled: what a read returned.</param>
    /// <param name="cancellationToken">Looked at before anything is done.</param>
    /// <exception cref="ObjectDisposedException">The watcher is closed.</exception>
    public ValueTask<AcknowledgeOutcome> AcknowledgeAsync(uint generation, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<AcknowledgeOutcome>(cancellationToken);
        return new(_registration.Acknowledge(generation));
    }

    /// <summary>
    /// The changes to come, each generation once; who is late gets the newest only. Asking for the next one acknowledges the
    /// one before: whoever leaves the loop, or fails in it, has not acknowledged.
    /// </summary>
    /// <param name="cancellationToken">Ends the loop.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The watcher is closed, already or while waiting.</exception>
    public async IAsyncEnumerable<GenerationInfo> ReadChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            await WaitForChangeAsync(cancellationToken).ConfigureAwait(false);
            var change = Read();
            yield return change;
            await AcknowledgeAsync(change.Generation, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits until no watcher of the pod is outdated (S12), those included that a checkpoint disconnected and that are still
    /// to come back (S23). A checkpoint or a restart of the sidecar in between does not end it.
    /// </summary>
    /// <param name="timeout">At most so long, to whole days; zero, as with the kernel device, or <see cref="Timeout.InfiniteTimeSpan"/>: no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative, or longer than 49 days.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The watcher is closed, already or while waiting.</exception>
    /// <exception cref="IOException">Something else than a sidecar serves the socket, or the sidecar refuses for a reason this library does not know.</exception>
    public ValueTask<WatchersOutcome> WaitForWatchersAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        WatchersWait.Check(timeout);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<WatchersOutcome>(cancellationToken);
        if (IsOutdated) return new(WatchersOutcome.Interrupted);
        if (!_page.IsThere) return new(WatchersOutcome.AllUpToDate);
        return _watchersWait is null ? new(WatchersOutcome.Unsupported) : new(_watchersWait.RunAsync(timeout, cancellationToken));
    }

    /// <summary>
    /// Moves the pod's own generation (S03, S13): every watcher of the pod, this one too, is outdated. For programs that
    /// restore snapshots of their own, and for tests of how they adapt.
    /// </summary>
    /// <param name="minimum">At least so far; it moves by at least one.</param>
    /// <param name="cancellationToken">Ends the wait for the answer; what was asked for may happen all the same.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The watcher is closed.</exception>
    /// <exception cref="IOException">Something else than a sidecar serves the socket, or the sidecar refuses for a reason this library does not know.</exception>
    public ValueTask<ForceOutcome> ForceAsync(uint minimum = 0, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ForceOutcome>(cancellationToken);
        return _force is null ? new(ForceOutcome.Unsupported) : new(_force.RunAsync(minimum, cancellationToken));
    }

    /// <summary>
    /// A guard for something that must not exist twice, such as a key, a seed or an identity: built for a generation, checked
    /// before and after each use, and built anew when the generation has moved.
    /// </summary>
    /// <param name="build">
    /// Makes the value for a generation, when it is first used and after each change; by one thread at a time. What was drawn
    /// before the change must not go into it.
    /// </param>
    /// <typeparam name="T">What is guarded. If it is <see cref="IDisposable"/>, values of the past are disposed when their last user has left.</typeparam>
    public Guard<T> CreateGuard<T>(Func<uint, T> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new Guard<T>(this, build);
    }

    /// <summary>
    /// Closes the watcher: the sidecar counts it no more (S11), waits end, the thread ends. Guards go on guarding. Calling it
    /// again does nothing.
    /// </summary>
    public void Dispose()
    {
        PageSleeper? sleeper;
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            sleeper = _sleeper;
        }

        _link?.Stop();
        _waits.Close();
        sleeper?.Stop();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// A guard has rebuilt. Where nobody else reads this watcher, that is all there was to handle. Where somebody does, the
    /// ack is for that reader to give, who may have more to do.
    /// </summary>
    internal void AcknowledgeRebuilt(uint generation)
    {
        if (!_isRead && !_isDisposed) _registration.Acknowledge(generation);
    }

    private bool Has(PageFlags flag) => _page.Read().Flags.HasFlag(flag);

    private ValueTask<uint> WaitAsync(uint? handled, CancellationToken cancellationToken)
    {
        var wait = _waits.WaitAsync(handled, cancellationToken);
        if (!wait.IsCompleted && _page.IsThere) StartSleeper();
        return wait;
    }

    private void StartSleeper()
    {
        if (Volatile.Read(ref _sleeper) is not null) return;
        lock (_lock)
        {
            if (_sleeper is not null || _isDisposed) return;
            var sleeper = new PageSleeper(_page, Moved);
            sleeper.Start();
            Volatile.Write(ref _sleeper, sleeper);
        }
    }

    // A generation that comes from elsewhere than the watch socket comes when that is away: a good moment to look for it.
    private void Moved()
    {
        _waits.Look();
        _link?.Hurry();
    }
}
