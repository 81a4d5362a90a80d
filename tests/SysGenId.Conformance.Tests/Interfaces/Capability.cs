namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>What a scenario asks of an interface. One that lacks it says why, in a sentence, beside its driver.</summary>
internal enum Capability
{
    /// <summary>Handles are opened, read without blocking, acknowledged, polled and closed; watchers are counted and waited for.</summary>
    Watchers,

    /// <summary>A read that sleeps until there is something to read: <see cref="IBlockingHandle"/>.</summary>
    BlockingRead,

    /// <summary>An outdated watcher can be read and polled again and again until it acknowledges.</summary>
    RepeatedRead,

    /// <summary>The caller chooses the length of its buffer, and a wrong one is told: <see cref="IByteHandle"/>.</summary>
    ReadLengths,

    /// <summary>The caller can offer more room than a generation needs: <see cref="IByteHandle"/>.</summary>
    LongRead,

    /// <summary>An acknowledgement can have a wrong length, which is told: <see cref="IByteHandle"/>.</summary>
    AckLengths,

    /// <summary>An acknowledgement can arrive in pieces: <see cref="IByteHandle"/>.</summary>
    AckInPieces,

    /// <summary>There is a counter page to compare with: <see cref="IPagedWorld"/>.</summary>
    Page,

    /// <summary>Who uses it opens and maps the page as a file.</summary>
    PageFile,

    /// <summary>Whoever serves the interface can be killed and started again on what it left: <see cref="IRestartingWorld"/>.</summary>
    Restart,

    /// <summary>A copy of a handle that is the same watcher: <see cref="ISharedHandle"/>.</summary>
    SharedHandle,

    /// <summary>A watcher in another process, which is killed: <see cref="ICrashingWorld"/>.</summary>
    Crash,

    /// <summary>A watcher in another process, which forks: <see cref="IForkingWorld"/>.</summary>
    Fork,

    /// <summary>Callers with and without rights ask for a bump: <see cref="IForcingWorld"/>.</summary>
    Force,

    /// <summary>Operations have names or numbers, so that one can be unknown: <see cref="IOperatingHandle"/>.</summary>
    UnknownOperation,

    /// <summary>Connections end for a checkpoint and are made again: <see cref="IQuiescingWorld"/>, <see cref="IReturningHandle"/>.</summary>
    Quiescence,

    /// <summary>Places are kept for watchers that come back: <see cref="IRememberingWorld"/>.</summary>
    Returning,

    /// <summary>A pod of a real node can be looked at: <see cref="INodeInterface"/>.</summary>
    Nodes,

    /// <summary>It tells whether the node's gate is proven: <see cref="IGateView"/>.</summary>
    Gate,

    /// <summary>Programs in containers use it on real nodes, through checkpoint and restore: <see cref="IContainedWatchers"/>.</summary>
    Containers,
}
