namespace SysGenId.Client.Watching;

/// <summary>
/// What a watcher has acknowledged, and what of that its sidecar knows. Pure: connections and words only feed it, and it
/// says which word to send. Not thread-safe.
/// <code>
///                Connected              Heard (the greeting)
/// Away ---------------------> Unheard ---------------------> Known
///   ^  ----------------------------------------------------^   |
///   |    Connected, as one that comes back                     |
///   +---------------------- Disconnected ----------------------+
/// </code>
/// </summary>
/// <param name="acknowledged">The generation current when it was opened (S05).</param>
internal sealed class WatcherState(uint acknowledged)
{
    private Standing _standing;

    private enum Standing
    {
        Away,
        Unheard,
        Known,
    }

    /// <summary>The generation that was acknowledged last.</summary>
    public uint Acknowledged { get; private set; } = acknowledged;

    /// <summary>A sidecar has counted this watcher: when it is away, it is one that comes back (S23).</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The watcher opens, and a sidecar has greeted it: the greeting is the generation it was registered at (S05).</summary>
    public void Open(uint greeting) => (Acknowledged, IsRegistered, _standing) = (greeting, true, Standing.Known);

    /// <summary>
    /// A connection is there: the word to begin with. One that comes back says what it handled last (S23). One that was
    /// never there says nothing yet, or it would take the place that is kept for another that comes back.
    /// </summary>
    public uint? Connected()
    {
        _standing = IsRegistered ? Standing.Known : Standing.Unheard;
        return IsRegistered ? Acknowledged : null;
    }

    /// <summary>A word came: the word to answer with, if any. The first one names the generation at which the sidecar registered the watcher as up to date.</summary>
    public uint? Heard(uint generation)
    {
        if (_standing != Standing.Unheard) return null;
        (IsRegistered, _standing) = (true, Standing.Known);
        return generation == Acknowledged ? null : Acknowledged;
    }

    /// <summary>The connection ended.</summary>
    public void Disconnected() => _standing = Standing.Away;

    /// <summary>The program has handled a generation (S09).</summary>
    /// <param name="generation">Which.</param>
    /// <param name="current">The current one.</param>
    /// <param name="word">The word to send now, if any: what cannot be sent now is told by <see cref="Connected"/> or <see cref="Heard"/>.</param>
    public AcknowledgeOutcome Acknowledge(uint generation, uint current, out uint? word)
    {
        word = null;
        if (generation != current) return AcknowledgeOutcome.NotCurrent;
        if (Acknowledged == generation) return AcknowledgeOutcome.Acknowledged;
        Acknowledged = generation;
        if (_standing == Standing.Known) word = generation;
        return AcknowledgeOutcome.Acknowledged;
    }
}
